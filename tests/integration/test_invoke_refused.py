"""Classes that the provider's STRICT allow-list does not have: refused, and told with what mends it."""

from collections.abc import Iterator

import pytest
from bridge_calls import Caller, cause, ok
from java_provider import JavaProvider, java_provider

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer
from workbench.usecases.samples import sample_artifact

SOURCES = {
    "com.guard.api.GuardFacade": """
package com.guard.api;
import java.util.List;
public interface GuardFacade {
    class Base implements java.io.Serializable { public String name = "base"; }
    class Known extends Base { public String extra = "known"; }
    class Holder implements java.io.Serializable { public Base value; }
    String take(Base value);
    String hold(Holder holder);
    String takeAll(List<Base> values);
    Base give(String kind);
    Holder giveHeld(String kind);
    List<Base> giveAll(String kind);
    String fail(String kind);
}
""",
    "org.hidden.deep.Secret": """
package org.hidden.deep;
public class Secret extends com.guard.api.GuardFacade.Base { public String secret = "s"; }
""",
    "org.hidden.deep.SecretException": """
package org.hidden.deep;
public class SecretException extends RuntimeException { public SecretException(String text) { super(text); } }
""",
    "com.guard.api.Main": """
package com.guard.api;
import java.util.List;
import org.apache.dubbo.config.*;
public class Main implements GuardFacade {
    public String take(Base value) { return value.getClass().getName(); }
    public String hold(Holder holder) { return holder.value.getClass().getName(); }
    public String takeAll(List<Base> values) {
        StringBuilder names = new StringBuilder();
        for (Base each : values) { names.append(each.name); }
        return names.toString();
    }
    public Base give(String kind) { return kind.equals("secret") ? new org.hidden.deep.Secret() : new Known(); }
    public Holder giveHeld(String kind) { Holder holder = new Holder(); holder.value = give(kind); return holder; }
    public List<Base> giveAll(String kind) { return List.of(give(kind)); }
    public String fail(String kind) {
        throw new IllegalStateException("outer", new org.hidden.deep.SecretException("inner"));
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("guard");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        ServiceConfig<GuardFacade> service = new ServiceConfig<>();
        service.setApplication(application);
        service.setInterface(GuardFacade.class);
        service.setRef(new Main());
        service.setProtocol(new ProtocolConfig("dubbo", Integer.parseInt(arguments[0])));
        service.setRegistry(new RegistryConfig("N/A"));
        service.export();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
""",
}
FACADE = "com.guard.api.GuardFacade"
