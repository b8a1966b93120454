package com.example.ages.provider;

import com.example.ages.Parcel;
import com.example.letters.ParcelStreams;
import java.util.List;
import org.apache.dubbo.common.stream.StreamObserver;

/** Streams of plain Java types. */
final class Parcels implements ParcelStreams {
    @Override
    public void copies(int count, StreamObserver<Parcel> parcels) {
        for (int number = 1; number <= count; number++) {
            parcels.onNext(parcel(number, null));
        }
        parcels.onCompleted();
    }

    @Override
    public StreamObserver<String> collect(StreamObserver<Parcel> whole) {
        return Answers.atEnd(whole, (List<String> texts) -> parcel(texts.size(), String.join("", texts)));
    }

    @Override
    public StreamObserver<String> talk(StreamObserver<String> answers) {
        return Answers.each(answers, (text, out) -> {
            if (text.equals("stop")) {
                out.onError(new IllegalStateException("stopped"));
            } else {
                out.onNext(text);
                out.onNext(text);
            }
        });
    }

    private static Parcel parcel(int number, String text) {
        Parcel parcel = new Parcel();
        parcel.setWhole(number);
        parcel.setText(text);
        return parcel;
    }
}
