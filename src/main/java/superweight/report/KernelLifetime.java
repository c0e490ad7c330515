package superweight.report;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * Ends the kernel when the process that started it is gone, whatever a cell is computing.
 *
 * <p>Jupyter asks its kernels to end, and one that was killed outright cannot ask any more: its kernel would go on
 * computing for nobody. The kernel finds this class through its service file.
 */
public final class KernelLifetime implements Extension {
    /** Jupyter names itself in this environment variable to the kernels that shall not outlive it. */
    private static final String JUPYTER = "JPY_PARENT_PID";

    private static final long LOOK_EVERY_MILLIS = 500;
    private static final int ORPHANED = 1;

    @Override
    public void install(BaseKernel kernel) {
        Optional.ofNullable(System.getenv(JUPYTER)).map(Long::valueOf).map(KernelLifetime::presenceOf)
                .ifPresent(KernelLifetime::endWithout);
    }

    private static void endWithout(BooleanSupplier presence) {
        Thread watch = new Thread(() -> {
            while (presence.getAsBoolean()) {
                pause();
            }
            // Not exit(): its hooks would wait for the cell that is being run.
            Runtime.getRuntime().halt(ORPHANED);
        }, "kernel-lifetime");
        watch.setDaemon(true);
        watch.start();
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            // Interrupts are meant for cells; then this one looks a little earlier.
        }
    }

    /** Whether the process is there, now and whenever it is asked again, and the one that this process was born to. */
    static BooleanSupplier presenceOf(long process) {
        Optional<ProcessHandle> then = ProcessHandle.of(process);
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        // One that has ended stays listed until its own parent takes note; that this one has been given to another
        // parent shows at once.
        return () -> then.isPresent() && ProcessHandle.of(process).equals(then)
                && ProcessHandle.current().parent().equals(parent);
    }
}
