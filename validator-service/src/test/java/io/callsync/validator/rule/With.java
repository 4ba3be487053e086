package io.callsync.validator.rule;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A record with some components changed. */
final class With {

  private With() {}

  /** Names and values in turn. */
  static <R extends Record> R with(R record, Object... changes) {
    Map<String, Object> changed = new HashMap<>();
    for (int i = 0; i < changes.length; i += 2) {
      changed.put((String) changes[i], changes[i + 1]);
    }
    try {
      RecordComponent[] components = record.getClass().getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        String name = components[i].getName();
        values[i] =
            changed.containsKey(name)
                ? changed.remove(name)
                : components[i].getAccessor().invoke(record);
      }
      if (!changed.isEmpty()) {
        throw new IllegalArgumentException(record.getClass() + " has no " + changed.keySet());
      }
      @SuppressWarnings("unchecked")
      Constructor<R> constructor =
          (Constructor<R>)
              record
                  .getClass()
                  .getDeclaredConstructor(
                      Arrays.stream(components)
                          .map(RecordComponent::getType)
                          .toArray(Class<?>[]::new));
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
