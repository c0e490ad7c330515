package superweight.report;

import java.util.Optional;
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
    static final String PARENT = "JPY_PARENT_PID";

    private static final int ORPHANED = 1;

    @Override
    public void install(BaseKernel kernel) {
        // Not exit(): its hooks would wait for the cell that is being run.
        Optional.ofNullable(System.getenv(PARENT)).ifPresent(parent ->
                afterEndOf(Long.parseLong(parent), () -> Runtime.getRuntime().halt(ORPHANED)));
    }

    /** Runs {@code action} once the process has ended; now, where it has ended before. */
    static void afterEndOf(long process, Runnable action) {
        ProcessHandle.of(process).ifPresentOrElse(handle -> handle.onExit().thenRun(action), action);
    }
}
