package io.dubboworkbench.bridge;

/**
 * Why a call has no answer.
 *
 * @param cause a name of the Python side's Cause
 * @param hint what to do, or empty
 */
public record Failure(String cause, String message, String hint) {
    public static Failure of(String cause, String message, String hint) {
        return new Failure(cause, message == null ? "" : message, hint);
    }
}
