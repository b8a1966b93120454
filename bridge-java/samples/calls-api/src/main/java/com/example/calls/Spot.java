package com.example.calls;

import java.io.Serializable;

/** One instance of the service. */
public class Spot implements Serializable {
    private static final long serialVersionUID = 1L;

    private String protocol;
    private int port;
    private String application;
    private String group;
    private String version;
    private String tag;

    public Spot() {
    }

    public Spot(String protocol, int port, String application, String group, String version, String tag) {
        this.protocol = protocol;
        this.port = port;
        this.application = application;
        this.group = group;
        this.version = version;
        this.tag = tag;
    }

    public String getProtocol() {
        return protocol;
    }

    public void setProtocol(String protocol) {
        this.protocol = protocol;
    }

    public int getPort() {
        return port;
    }

    public void setPort(int port) {
        this.port = port;
    }

    public String getApplication() {
        return application;
    }

    public void setApplication(String application) {
        this.application = application;
    }

    public String getGroup() {
        return group;
    }

    public void setGroup(String group) {
        this.group = group;
    }

    public String getVersion() {
        return version;
    }

    public void setVersion(String version) {
        this.version = version;
    }

    public String getTag() {
        return tag;
    }

    public void setTag(String tag) {
        this.tag = tag;
    }
}
