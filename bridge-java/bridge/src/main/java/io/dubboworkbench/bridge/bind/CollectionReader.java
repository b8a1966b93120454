package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;

/** Lists, sets, queues; an interface gets the usual implementation. */
record CollectionReader(Readers readers, Class<?> type, Type element) implements Reader {
    @Override
    public Object read(Object json, Place place) {
        Object referred = place.referred(json, type);
        if (referred != null) {
            return referred;
        }
        List<?> items = Readers.array(json, type);
        Collection<Object> result = empty();
        place.remember(result);
        Reader reader = readers.of(element);
        for (int i = 0; i < items.size(); i++) {
            Object item = Readers.inside(reader, items.get(i), place, place.enter(i));
            add(result, item, items.get(i), i, place);
        }
        return result;
    }

    private void add(Collection<Object> result, Object item, Object json, int index, Place place) {
        try {
            if (!result.add(item) && result instanceof Set && json != null) {
                place.problemAt(index, "the same element twice in a " + type.getSimpleName());
            }
        } catch (NullPointerException | ClassCastException refused) {
            if (json == null) {
                place.problemAt(index, type.getName() + " takes no null");
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Collection<Object> empty() {
        if (!type.isInterface() && !Modifier.isAbstract(type.getModifiers())) {
            return (Collection<Object>) Instances.create(type);
        }
        if (SortedSet.class.isAssignableFrom(type) || type == NavigableSet.class) {
            return new TreeSet<>();
        }
        if (type == EnumSet.class) {
            return EnumSet.noneOf((Class) Generics.raw(element));
        }
        if (Set.class.isAssignableFrom(type)) {
            return new LinkedHashSet<>();
        }
        if (BlockingQueue.class.isAssignableFrom(type)) {
            return new LinkedBlockingDeque<>();
        }
        return fit(Queue.class.isAssignableFrom(type) ? new LinkedList<>() : new ArrayList<>()); // an ArrayDeque arrives as an ArrayList
    }

    private Collection<Object> fit(Collection<Object> usual) {
        if (!type.isInstance(usual)) {
            throw new BadValue("no way to make a " + type.getName());
        }
        return usual;
    }
}
