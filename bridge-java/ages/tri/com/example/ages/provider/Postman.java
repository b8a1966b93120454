package com.example.ages.provider;

import com.example.letters.DubboLettersTriple;
import com.example.letters.Letter;
import com.example.letters.Number;
import com.example.letters.Text;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import org.apache.dubbo.common.stream.StreamObserver;
import org.apache.dubbo.rpc.TriRpcStatus;

/** The service by IDL. */
final class Postman extends DubboLettersTriple.LettersImplBase {
    @Override
    public Letter echo(Letter letter) {
        return letter;
    }

    @Override
    public Text describe(Letter letter) {
        try {
            JsonFormat.TypeRegistry types = JsonFormat.TypeRegistry.newBuilder().add(Letter.getDescriptor()).build();
            return text(JsonFormat.printer().usingTypeRegistry(types).print(letter));
        } catch (InvalidProtocolBufferException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    @Override
    public Letter refuse(Text why) {
        throw TriRpcStatus.NOT_FOUND.withDescription("refused: " + why.getText()).asException();
    }

    @Override
    public Text sleep(Number milliseconds) {
        try {
            Thread.sleep(milliseconds.getNumber());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return text("slept");
    }

    @Override
    public void copies(Number count, StreamObserver<Letter> letters) {
        for (int number = 1; number <= count.getNumber(); number++) {
            letters.onNext(Letter.newBuilder().setWhole(number).build());
        }
        letters.onCompleted();
    }

    @Override
    public StreamObserver<Text> collect(StreamObserver<Letter> whole) {
        return Answers.atEnd(whole, (List<Text> texts) -> {
            StringBuilder all = new StringBuilder();
            texts.forEach(text -> all.append(text.getText()));
            return Letter.newBuilder().setWhole(texts.size()).setText(all.toString()).build();
        });
    }

    @Override
    public StreamObserver<Text> talk(StreamObserver<Text> answers) {
        return Answers.each(answers, (text, out) -> {
            if (text.getText().equals("stop")) {
                out.onError(TriRpcStatus.INTERNAL.withDescription("stopped").asException());
            } else {
                out.onNext(text);
                out.onNext(text);
            }
        });
    }

    private static Text text(String text) {
        return Text.newBuilder().setText(text).build();
    }
}
