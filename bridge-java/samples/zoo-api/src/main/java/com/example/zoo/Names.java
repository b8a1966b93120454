package com.example.zoo;

import java.io.Serializable;

/** Field names that accessors spell otherwise. */
public class Names implements Serializable {
    private static final long serialVersionUID = 1L;

    private boolean isOpen;
    private Boolean isBox;
    private String uRL;
    private String URL;
    private String aBc;
    private int x;
    private String 名字;

    public boolean isOpen() {
        return isOpen;
    }

    public void setOpen(boolean open) {
        this.isOpen = open;
    }

    public Boolean getIsBox() {
        return isBox;
    }

    public void setIsBox(Boolean isBox) {
        this.isBox = isBox;
    }

    public String getuRL() {
        return uRL;
    }

    public void setuRL(String uRL) {
        this.uRL = uRL;
    }

    public String getURL() {
        return URL;
    }

    public void setURL(String url) {
        this.URL = url;
    }

    public String getaBc() {
        return aBc;
    }

    public void setaBc(String aBc) {
        this.aBc = aBc;
    }

    public int getX() {
        return x;
    }

    public void setX(int x) {
        this.x = x;
    }

    public String get名字() {
        return 名字;
    }

    public void set名字(String name) {
        this.名字 = name;
    }
}
