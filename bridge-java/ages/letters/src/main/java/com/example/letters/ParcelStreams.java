package com.example.letters;

import com.example.ages.Parcel;
import org.apache.dubbo.common.stream.StreamObserver;

/** Streams without an IDL: plain Java types over tri. */
public interface ParcelStreams {
    /** As many parcels as asked for, numbered from 1. */
    void copies(int count, StreamObserver<Parcel> parcels);

    /** How many texts came, and all of them in one. */
    StreamObserver<String> collect(StreamObserver<Parcel> whole);

    /** Each text twice; "stop" ends it with an error. */
    StreamObserver<String> talk(StreamObserver<String> answers);
}
