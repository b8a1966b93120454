package io.dubboworkbench.bridge.bind;

/** Makes a Java object of one type out of a JSON value. */
interface Reader {
    /**
     * @param json what JsonParser gives
     * @throws BadValue when the value itself does not fit; what is wrong further inside goes to the place
     */
    Object read(Object json, Place place);
}
