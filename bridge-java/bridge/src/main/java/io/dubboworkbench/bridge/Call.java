package io.dubboworkbench.bridge;

import java.util.Map;

/**
 * One call of a batch.
 *
 * @param arguments JSON array text
 * @param attachments to send along; never null
 * @param tag value of dubbo.tag, or empty
 */
public record Call(long id, long timeoutMs, String arguments, Map<String, Object> attachments, String tag) {}
