"""Exceptions of providers on Dubbo 2.7: their own, and those of javax.validation and Spring, whose classes no API jar
brings along; and what their JDK does not let them send."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ages import AGES, OPENED
from bridge_calls import TEXT, Caller, cause, ok
from java_provider import JavaProvider, java_provider

from workbench.model.plan import Target
from workbench.model.result import Cause, RemoteException
from workbench.plugin_api import Answer

pytestmark = pytest.mark.xdist_group("invoke-validation")  # one process starts what they share

FACADE = "com.example.desk.Desk"
FORM = ("com.example.desk.Form",)
SOURCES = {
    FACADE: """
package com.example.desk;
public interface Desk {
    String file(Form form);
    String inspect(Form form);
    String bind(Form form) throws Exception;
    String argue(Form form) throws Exception;
    java.util.List<String> names();
    String refuse(String code) throws Refused;
}
""",
    "com.example.desk.Refused": """
package com.example.desk;
public class Refused extends Exception {
    private final String code;
    private final java.math.BigDecimal limit = new java.math.BigDecimal("41.50");
    public Refused(String code, Throwable cause) { super("refused: " + code, cause); this.code = code; }
    public String getCode() { return code; }
}
""",
    "com.example.desk.Form": """
package com.example.desk;
import javax.validation.constraints.*;
public class Form implements java.io.Serializable {
    @NotBlank(message = "name must be given") private String name;
    @DecimalMin(value = "0.01", message = "amount must be at least 0.01") private java.math.BigDecimal amount;
    public String getName() { return name; }
    public void setName(String name) { this.name = name; }
    public java.math.BigDecimal getAmount() { return amount; }
    public void setAmount(java.math.BigDecimal amount) { this.amount = amount; }
}
""",
    "com.example.desk.provider.Clerk": """
package com.example.desk.provider;
import com.example.desk.*;
import javax.validation.*;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.springframework.validation.BindException;
public class Clerk implements Desk {
    private final Validator validator = Validation.buildDefaultValidatorFactory().getValidator();
    public String file(Form form) { return "filed"; }
    public String inspect(Form form) {
        java.util.Set<ConstraintViolation<Form>> wrong = validator.validate(form);
        if (!wrong.isEmpty()) throw new ConstraintViolationException(wrong);
        return "in order";
    }
    public String bind(Form form) throws Exception {
        BindException wrong = new BindException(form, "form");
        wrong.rejectValue("name", "NotBlank", "name must be given");
        wrong.rejectValue("amount", "Least", new Object[] {1, "EUR"}, "too little");
        wrong.reject("Both", "one of them must be given");
        if (form.getName() == null) throw wrong;
        return "bound";
    }
    /** As Spring's MethodArgumentNotValidException is from 5.3 on. */
    static class Argument extends BindException {
        private final org.springframework.core.MethodParameter parameter;
        Argument(Form form) throws Exception {
            super(form, "form");
            parameter = new org.springframework.core.MethodParameter(Clerk.class.getMethod("argue", Form.class), 0);
            rejectValue("name", "NotBlank", "name must be given");
        }
    }
    public String argue(Form form) throws Exception { throw new Argument(form); }
    public java.util.List<String> names() {
        return java.util.Collections.unmodifiableList(java.util.Arrays.asList("a"));
    }
    public String refuse(String code) throws Refused {
        throw new Refused(code, new IllegalStateException("over the limit", new IllegalArgumentException("42")));
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("desk");
        application.setQosEnable(false);
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A"))
            .protocol(new ProtocolConfig("dubbo", Integer.parseInt(arguments[0])))
            .service(service("", null)).service(service("watched", "true")).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
    static ServiceConfig<Desk> service(String group, String validation) {
        ServiceConfig<Desk> service = new ServiceConfig<>();
        service.setId("desk" + group);
        service.setInterface(Desk.class);
        service.setRef(new Clerk());
        service.setGroup(group);
        service.setValidation(validation);
        return service;
    }
}
""",
}
WRONG = '[{"name": " ", "amount": 0.001}]'


def _path() -> str:
    library = AGES / "dubbo-2.7" / "target" / "lib"
    return os.pathsep.join(str(jar) for jar in sorted(library.glob("*.jar")))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaProvider]:
    folder = tmp_path_factory.mktemp("desk")
    with java_provider(folder, SOURCES, "com.example.desk.provider.Clerk", _path(), jvm=OPENED) as provider:
        yield provider


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(params=["typed", "generic"])
def target(request: pytest.FixtureRequest, desk: JavaProvider) -> Target:
    return Target(url=desk.url, artifacts=(desk.jar,) if request.param == "typed" else ())


def thrown(answer: Answer, class_name: str) -> RemoteException:
    assert cause(answer) is Cause.PROVIDER_EXCEPTION, answer.failure
    assert answer.exception is not None
    assert answer.exception.class_name == class_name
    assert answer.provider
    return answer.exception


def test_validation_by_the_bean(call: Caller, target: Target) -> None:
    assert ok(call(target, FACADE, "inspect", FORM, '[{"name": "Ann", "amount": 1.50}]')) == '"in order"'
    exception = thrown(call(target, FACADE, "inspect", FORM, WRONG), "javax.validation.ConstraintViolationException")
    assert "amount: amount must be at least 0.01" in (exception.message or "")
    if target.artifacts:
        violations = json.loads(exception.fields)["constraintViolations"]
        assert {each["interpolatedMessage"] for each in violations} == {
            "name must be given",
            "amount must be at least 0.01",
        }


def test_validation_by_dubbos_filter(call: Caller, target: Target) -> None:
    assert ok(call(target, FACADE, "file", FORM, '[{"name": "Ann", "amount": 1.50}]', group="watched")) == '"filed"'
    answer = call(target, FACADE, "file", FORM, WRONG, group="watched")
    exception = thrown(answer, "javax.validation.ValidationException")
    assert "amount must be at least 0.01" in (exception.message or "")


def test_validation_by_spring(call: Caller, target: Target) -> None:
    assert ok(call(target, FACADE, "bind", FORM, '[{"name": "Ann"}]')) == '"bound"'
    answer = call(target, FACADE, "bind", FORM, '[{"amount": 1.50}]')
    exception = thrown(answer, "org.springframework.validation.BindException")
    message, fields = exception.message or "", json.loads(exception.fields)
    assert message.split("\n") == [
        "org.springframework.validation.BeanPropertyBindingResult: 3 errors",
        "Field error in object 'form' on field 'name': rejected value [null]; codes [NotBlank.form.name,NotBlank.name,"
        "NotBlank.java.lang.String,NotBlank]; arguments []; default message [name must be given]",
        "Field error in object 'form' on field 'amount': rejected value [1.50]; codes [Least.form.amount,Least.amount,"
        "Least.java.math.BigDecimal,Least]; arguments [1,EUR]; default message [too little]",
        "Error in object 'form': codes [Both.form,Both]; arguments []; default message [one of them must be given]",
    ], "as a consumer with Spring reads it: the class makes it out of the fields that come"
    if target.artifacts:
        name, amount, both = fields["bindingResult"]["errors"]
        assert (name["field"], name["defaultMessage"]) == ("name", "name must be given")
        assert (amount["field"], amount["codes"][-1], amount["rejectedValue"]) == ("amount", "Least", 1.5)
        assert both["defaultMessage"] == "one of them must be given"


def test_an_exception_with_fields_and_causes(call: Caller, target: Target, desk: JavaProvider) -> None:
    answer = call(target, FACADE, "refuse", TEXT, '["C-9"]')
    exception = thrown(answer, "com.example.desk.Refused")
    assert exception.message == "refused: C-9"
    assert answer.provider == desk.url.removeprefix("dubbo://")
    if not target.artifacts:
        assert (exception.code, exception.fields, exception.causes) == (None, "{}", ())
        return
    assert exception.code == '"C-9"'
    assert exception.fields == '{"code":"C-9","limit":41.50}'
    assert [(each.class_name, each.message) for each in exception.causes] == [
        ("java.lang.IllegalStateException", "over the limit"),
        ("java.lang.IllegalArgumentException", "42"),
    ]


def test_an_exception_that_hessian_cannot_carry(call: Caller, target: Target) -> None:
    """MethodArgumentNotValidException has a MethodParameter inside."""
    answer = call(target, FACADE, "argue", FORM, "[{}]")
    if not target.artifacts:
        exception = thrown(answer, "com.example.desk.provider.Clerk$Argument")
        assert "default message [name must be given]" in (exception.message or "")
        return
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert answer.failure.message.startswith("the provider cannot send its answer: ")
    assert "org.springframework.core.MethodParameter" in answer.failure.message


def test_a_provider_whose_jdk_is_closed_to_its_dubbo(call: Caller, tmp_path: Path) -> None:
    """The least with which 2.7 starts on JDK 17. What it cannot send then, the hint names the option for."""
    jvm = ("--add-opens", "java.base/java.lang=ALL-UNNAMED")
    with java_provider(tmp_path, SOURCES, "com.example.desk.provider.Clerk", _path(), jvm=jvm) as provider:
        answer = call(Target(url=provider.url, artifacts=(provider.jar,)), FACADE, "names", (), "[]")
        assert cause(answer) is Cause.SERIALIZATION
        assert answer.failure is not None
        assert "keeps java.util closed to its Dubbo, which can therefore not send" in answer.failure.message
        assert "--add-opens java.base/java.util=ALL-UNNAMED" in answer.failure.hint
        assert ok(call(Target(url=provider.url), FACADE, "names", (), "[]")) == '["a"]'
