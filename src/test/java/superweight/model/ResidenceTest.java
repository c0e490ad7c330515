package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;
import superweight.checkpoint.Shape;

class ResidenceTest {
    private static final long MEMORY_BYTES =
            ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();

    @Test
    void aModelTakesFourBytesForEachNumber() {
        Map<String, Shape> tensors = Map.of("matrix", Shape.of(3, 5), "norm", Shape.of(7), "huge", Shape.of(1L << 40));
        assertEquals(4 * (15 + 7 + (1L << 40)), Residence.bytes(checkpoint(tensors)));
    }

    @Test
    void aModelStaysOnDiskWhereMemoryHasNoRoomForItAndTheRest() {
        assertEquals(Residence.MEMORY, fitting(0.1));
        assertEquals(Residence.MEMORY, fitting(0.55));
        assertEquals(Residence.DISK, fitting(0.65));
        assertEquals(Residence.DISK, fitting(20));
    }

    @Test
    void anEmbeddingThatIsTheOutputProjectionTooIsHeldTwice(@TempDir Path folder) {
        RandomLlama tied = RandomLlama.of(RandomLlama.config(1, 24, 40, 2, 8, true), 1);
        Checkpoint checkpoint = Checkpoints.open(tied.writeTo(folder.resolve("tied.gguf")));
        long stored = tied.weights().values().stream().mapToLong(values -> values.length).sum();
        int embedding = tied.weights().get("model.embed_tokens.weight").length;
        assertEquals(4 * (stored + embedding), Residence.bytes(checkpoint));
    }

    /** Of a model that takes so many times the machine's memory. */
    private static Residence fitting(double share) {
        long numbers = (long) (share * MEMORY_BYTES / Float.BYTES);
        return Residence.fitting(checkpoint(Map.of("half", Shape.of(numbers / 2), "rest", Shape.of(numbers / 2))));
    }

    /** Nothing but its tensors' shapes, and a config without tied embeddings. */
    private static Checkpoint checkpoint(Map<String, Shape> tensors) {
        return (Checkpoint) Proxy.newProxyInstance(
                Checkpoint.class.getClassLoader(), new Class<?>[] {Checkpoint.class}, (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "tensors" -> tensors;
                            case "config" -> RandomLlama.config(1, 24, 40, 2, 8, false);
                            default -> throw new AssertionError(method);
                        });
    }
}
