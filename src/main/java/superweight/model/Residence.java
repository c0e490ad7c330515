package superweight.model;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Shape;

/** Where a model's weights are kept. */
public enum Residence {
    /** All of them in memory, in float32. */
    MEMORY,
    /** In their files, from where each layer is read when its turn comes; slower, and as exact. */
    DISK;

    /** The share of the machine's memory that the weights of a model may fill. */
    private static final double SHARE = 0.6;

    /** In memory, if the model fits there with room for the rest. */
    public static Residence fitting(Checkpoint checkpoint) {
        return bytes(checkpoint) <= SHARE * memory() ? MEMORY : DISK;
    }

    /** How many bytes the weights take as float32; an embedding that is the output projection too is held twice. */
    static long bytes(Checkpoint checkpoint) {
        long all = checkpoint.tensors().values().stream().mapToLong(Shape::elements).sum();
        long twice = checkpoint.config().tieWordEmbeddings() ? checkpoint.shape(Weights.EMBED_TOKENS).elements() : 0;
        return Float.BYTES * (all + twice);
    }

    private static long memory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }
}
