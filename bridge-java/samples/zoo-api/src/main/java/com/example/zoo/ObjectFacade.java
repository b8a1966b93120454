package com.example.zoo;

import java.util.List;
import java.util.Map;

/** Objects: beans, records, enums, polymorphic ones, and those that are unlike a bean. */
public interface ObjectFacade extends Observed {
    Object object(Object value);

    Person person(Person value);

    Employee employee(Employee value);

    Shadow shadow(Shadow value);

    Outer.Nested nested(Outer.Nested value);

    Outer.Inner inner(Outer.Inner value);

    Color color(Color value);

    Point point(Point value);

    Money money(Money value);

    Shape shape(Shape value);

    List<Shape> shapes(List<Shape> value);

    Map<String, Animal> animals(Map<String, Animal> value);

    Animal animal(Animal value);

    Node node(Node value);

    Names names(Names value);

    Fields.Final finals(Fields.Final value);

    Fields.Transient transients(Fields.Transient value);

    Fields.Bare bare(Fields.Bare value);

    Fields.Defaults defaults(Fields.Defaults value);

    Fields.Built built(Fields.Built value);

    Fields.Fluent fluent(Fields.Fluent value);

    Fields.Empty empty(Fields.Empty value);

    Open open(Open value);

    Wide wide(Wide value);

    Marked marked(Marked value);

    Shade.Low shade(Shade.Low value);

    Shade.Middle shadeMiddle(Shade.Middle value);
}
