package com.example.calls;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.Serializable;
import java.math.BigDecimal;

/** Rules stand at its fields, as Bean Validation reads them. */
public class Parcel implements Serializable {
    private static final long serialVersionUID = 1L;

    @NotBlank(message = "receiver must be given")
    private String receiver;

    @NotNull(message = "weight must be given")
    @DecimalMin(value = "0.01", message = "weight must be at least 0.01")
    private BigDecimal weight;

    @Size(max = 10, message = "note has at most 10 characters")
    private String note;

    public String getReceiver() {
        return receiver;
    }

    public void setReceiver(String receiver) {
        this.receiver = receiver;
    }

    public BigDecimal getWeight() {
        return weight;
    }

    public void setWeight(BigDecimal weight) {
        this.weight = weight;
    }

    public String getNote() {
        return note;
    }

    public void setNote(String note) {
        this.note = note;
    }
}
