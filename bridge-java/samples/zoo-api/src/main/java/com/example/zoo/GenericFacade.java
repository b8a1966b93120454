package com.example.zoo;

import java.util.List;
import java.util.Map;

/** Generics in every place; says what T and K of its super-interface are. */
public interface GenericFacade extends CrudFacade<Point, Long> {
    Box<Point> pointBox(Box<Point> value);

    Box<Box<List<Long>>> boxes(Box<Box<List<Long>>> value);

    @SuppressWarnings("rawtypes")
    Box raw(Box value);

    Entity.PointEntity entity(Entity.PointEntity value);

    Entity.BoxEntity<Point> boxEntity(Entity.BoxEntity<Point> value);

    Map<String, List<Entity<Long, Box<Money>>>> deep(Map<String, List<Entity<Long, Box<Money>>>> value);

    <T extends Number> T bounded(T value);

    <T extends Animal & Comparable<T>> List<T> twice(List<T> value);

    <T> T unbounded(T value);

    <B extends Box<Long>> B boxBound(B value);

    Map<String, ? super Money> lowerBound(Map<String, ? super Money> value);

    Box<Color> colorBox(Box<Color> value);

    Shelf.Numbered shelf(Shelf.Numbered value);

    List<? extends Person> persons(List<? extends Person> value);

    List<Box<Money>> moneyBoxes(List<Box<Money>> value);

    Box<Money>[] boxArray(Box<Money>[] value);

    /** Overridden with the types said: javac adds a bridge method. */
    @Override
    Point save(Point value);

    /** Runs on the provider. */
    default String described(Point value) {
        return "x=" + value.x() + ", y=" + value.y();
    }
}
