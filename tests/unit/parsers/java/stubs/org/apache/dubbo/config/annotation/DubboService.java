package org.apache.dubbo.config.annotation;

import java.lang.annotation.*;

@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface DubboService {
    Class<?> interfaceClass() default void.class;
    String interfaceName() default "";
    String group() default "";
    String version() default "";
    int timeout() default -1;
    String[] parameters() default {};
}
