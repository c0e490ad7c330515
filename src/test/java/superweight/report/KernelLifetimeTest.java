package superweight.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import org.dflib.jjava.jupyter.Extension;
import org.junit.jupiter.api.Test;

class KernelLifetimeTest {
    @Test
    void theKernelFindsTheExtension() {
        assertTrue(ServiceLoader.load(Extension.class).stream()
                .anyMatch(provider -> provider.type() == KernelLifetime.class));
    }

    @Test
    void aProcessIsPresentUntilItHasEnded() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "600").start();
        BooleanSupplier presence = KernelLifetime.presenceOf(process.pid());
        try {
            assertTrue(presence.getAsBoolean());
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertFalse(presence.getAsBoolean());
    }

    @Test
    void aProcessThatHasEndedBeforeIsNotPresent() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertFalse(KernelLifetime.presenceOf(process.pid()).getAsBoolean());
    }
}
