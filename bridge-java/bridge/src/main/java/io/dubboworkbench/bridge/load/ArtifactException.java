package io.dubboworkbench.bridge.load;

/** An artifact that is not there or cannot be read; the message begins with its path. */
public final class ArtifactException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ArtifactException(String message) {
        super(message);
    }
}
