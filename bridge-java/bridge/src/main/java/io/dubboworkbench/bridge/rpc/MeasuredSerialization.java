package io.dubboworkbench.bridge.rpc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.extension.Wrapper;
import org.apache.dubbo.common.serialize.ObjectInput;
import org.apache.dubbo.common.serialize.ObjectOutput;
import org.apache.dubbo.common.serialize.Serialization;

/**
 * Believes no length of fastjson2 that is beyond what came: Dubbo makes room for it before it reads
 * (FastJson2ObjectInput.readObject), so that one answer of nonsense would take all memory and end all calls under way.
 * A wrapper that Dubbo finds by name.
 */
@Wrapper(matches = "fastjson2")
public final class MeasuredSerialization implements Serialization {
    private final Serialization serialization;

    public MeasuredSerialization(Serialization serialization) {
        this.serialization = serialization;
    }

    @Override
    public byte getContentTypeId() {
        return serialization.getContentTypeId();
    }

    @Override
    public String getContentType() {
        return serialization.getContentType();
    }

    @Override
    public ObjectOutput serialize(URL url, OutputStream output) throws IOException {
        return serialization.serialize(url, output);
    }

    @Override
    public ObjectInput deserialize(URL url, InputStream input) throws IOException {
        return serialization.deserialize(url, new Measured(input));
    }

    /** Each value is four bytes with its length, and as many as that says; Dubbo reads each of both at once. */
    private static final class Measured extends FilterInputStream {
        private boolean lengthRead;

        Measured(InputStream input) {
            super(input);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            lengthRead = !lengthRead && length == Integer.BYTES;
            if (lengthRead && read == length) {
                check(ByteBuffer.wrap(bytes, offset, length).getInt());
            }
            return read;
        }

        private void check(int announced) throws IOException {
            if (announced < 0 || announced > available()) {
                throw new IOException("Fail to decode response: this is no fastjson2, for it announces " + Integer.toUnsignedString(announced) + " bytes where " + available() + " came");
            }
        }
    }
}
