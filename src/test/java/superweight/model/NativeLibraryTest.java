package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {
    @Test
    void theSystemsReasonIsSaidHoweverDeepItLies() {
        Error problem = new ExceptionInInitializerError(
                new IllegalStateException("Cannot copy jni files", new IOException("No space left on device")));
        IllegalStateException said = NativeLibrary.unusable("tokenizer", problem);
        assertEquals("The native library of the tokenizer could not be unpacked or loaded: No space left on device",
                said.getMessage());
        assertSame(problem, said.getCause());
    }
}
