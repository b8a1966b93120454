package com.example.common;

import java.io.Serializable;

/**
 * What every subsystem answers with.
 *
 * @param <T> what {@code data} is when the call succeeded
 */
public class Result<T> implements Serializable {
    private static final long serialVersionUID = 1L;
    public static final String OK = "0000";

    private String code;
    private String message;
    private T data;
    private boolean success;

    public static <T> Result<T> ok(T data) {
        return of(OK, "OK", data, true);
    }

    public static <T> Result<T> failure(String code, String message) {
        return of(code, message, null, false);
    }

    private static <T> Result<T> of(String code, String message, T data, boolean success) {
        Result<T> result = new Result<>();
        result.code = code;
        result.message = message;
        result.data = data;
        result.success = success;
        return result;
    }

    public String getCode() {
        return code;
    }

    public void setCode(String code) {
        this.code = code;
    }

    public String getMessage() {
        return message;
    }

    public void setMessage(String message) {
        this.message = message;
    }

    public T getData() {
        return data;
    }

    public void setData(T data) {
        this.data = data;
    }

    public boolean isSuccess() {
        return success;
    }

    public void setSuccess(boolean success) {
        this.success = success;
    }
}
