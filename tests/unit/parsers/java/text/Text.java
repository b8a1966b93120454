import java.lang.annotation.*;

@Text.Said(value = "a\0b \ud83d\ude00 \u4e2d", lone = "\ud83d")
class Text {
    @Retention(RetentionPolicy.CLASS)
    @interface Said {
        String value();

        String lone();
    }
}
