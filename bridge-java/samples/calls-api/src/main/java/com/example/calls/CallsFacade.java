package com.example.calls;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Methods that show how a call travels: who answers it, what comes along with it, and each way it can end. */
public interface CallsFacade {
    /** Which of the instances answers. */
    Spot where();

    /** What arrived besides the arguments, as text. */
    Map<String, String> attachments();

    /** Sends the entries back as attachments of the answer, each as what it is. */
    String attach(Map<String, Object> entries);

    /** Keeps the text for {@link #notes()}. */
    void note(String text);

    List<String> notes();

    CompletableFuture<String> later(String text, long delayMs);

    /** Fails after a moment, on another thread. */
    CompletableFuture<Spot> laterRefused(String code);

    /** Answers from another thread although it returns a plain text. */
    String switched(String text, long delayMs);

    /** Takes a parcel that keeps its rules; others are refused before the method is reached. */
    String send(@NotNull @Valid Parcel parcel);

    /** Checks the rules itself, as a Spring bean marked Validated does. */
    String inspect(Parcel parcel);

    /**
     * Ends as told: checked, unchecked, undeclared, unknown, error.
     *
     * @throws RefusedException with a code, details and causes
     */
    String refuse(String how) throws RefusedException;

    /** Would call back: testers have no object to be called. */
    String listen(String topic, Listener listener);
}
