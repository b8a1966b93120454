package com.example.trade;

/** The payment has been paid before; nothing was charged this time. */
public class AlreadyPaidException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String paymentId;

    public AlreadyPaidException(String code, String paymentId) {
        super("payment " + paymentId + " has already been paid");
        this.code = code;
        this.paymentId = paymentId;
    }

    public String getCode() {
        return code;
    }

    public String getPaymentId() {
        return paymentId;
    }
}
