package com.example.ages.provider;

import com.example.letters.Letters;
import com.example.letters.ParcelStreams;
import java.util.List;
import org.apache.dubbo.config.ServiceConfig;

/** The services that only tri carries: by IDL, and streams of plain Java types. */
final class Streams {
    private Streams() {}

    static List<ServiceConfig<?>> services(Place place) {
        if (!place.protocol().equals("tri")) {
            return List.of();
        }
        ServiceConfig<Letters> letters = new ServiceConfig<>();
        letters.setInterface(Letters.class);
        letters.setRef(new Postman());
        ServiceConfig<ParcelStreams> parcels = new ServiceConfig<>();
        parcels.setInterface(ParcelStreams.class);
        parcels.setRef(new Parcels());
        return List.of(letters, parcels);
    }
}
