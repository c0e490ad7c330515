package superweight.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;

/** Starts the tensor engine, offline and quiet. */
public final class TorchEngine {
    private TorchEngine() {}

    /**
     * Sets how many threads the engine uses; must come before its first use in this process.
     *
     * @param threads at least 1
     */
    public static void useThreads(int threads) {
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    }

    /** A new owner of native arrays in the computer's main memory. */
    static NDManager newManager() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        return NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }
}
