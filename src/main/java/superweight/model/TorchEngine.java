package superweight.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

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

    /** How many threads the engine computes with. */
    public static int threads() {
        newManager().close(); // the number can be asked for once the engine runs
        return JniUtils.getNumThreads();
    }

    /** A new owner of native arrays in the computer's main memory. */
    public static NDManager newManager() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            return NDManager.newBaseManager(Device.cpu(), "PyTorch");
        } catch (EngineException | LinkageError e) {
            throw NativeLibrary.unusable("tensor engine", e);
        }
    }
}
