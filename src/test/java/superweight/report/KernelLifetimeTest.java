package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dflib.jjava.jupyter.Extension;
import org.junit.jupiter.api.Test;

class KernelLifetimeTest {
    @Test
    void theKernelFindsTheExtension() {
        assertTrue(ServiceLoader.load(Extension.class).stream()
                .anyMatch(provider -> provider.type() == KernelLifetime.class));
    }

    @Test
    void actsWhenTheProcessHasBeenKilledAndNotBefore() throws IOException, InterruptedException {
        // The process is no child of this one's own making to wait for: its number is all that is known.
        Process parent = new ProcessBuilder("sleep", "600").start();
        CountDownLatch ended = new CountDownLatch(1);
        try {
            KernelLifetime.afterEndOf(parent.pid(), ended::countDown);
            assertFalse(ended.await(300, TimeUnit.MILLISECONDS));
        } finally {
            parent.destroyForcibly();
        }
        assertTrue(ended.await(30, TimeUnit.SECONDS));
    }

    @Test
    void actsAtOnceWhereTheProcessIsGoneAlready() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder("true").start();
        parent.waitFor();
        CountDownLatch ended = new CountDownLatch(1);
        KernelLifetime.afterEndOf(parent.pid(), ended::countDown);
        assertEquals(0, ended.getCount());
    }
}
