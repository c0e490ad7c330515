package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;

/** Weights that cannot be read while a model is opened. */
@ParameterizedClass
@MethodSource("superweight.model.ModelVariant#all")
class LoadingTest {
    private static final RandomLlama TINY = RandomLlama.of(RandomLlama.config(2, 24, 40, 2, 8, false), 1);

    private final ModelVariant variant;

    LoadingTest(ModelVariant variant) {
        this.variant = variant;
    }

    /** Each read fails in its turn, until all that are needed succeed. */
    @Test
    void aModelThatCannotBeReadIsRefusedAndLeavesNoArray(@TempDir Path folder) {
        Checkpoint checkpoint = Checkpoints.open(TINY.writeTo(folder.resolve("tiny.gguf")));
        try (NDManager any = TorchEngine.newManager()) {
            NDManager engine = any.getParentManager();
            int before = engine.getManagedArrays().size();
            int needed = reads(checkpoint);
            assertTrue(needed > 0);
            for (int failing = 1; failing <= needed; failing++) {
                AtomicInteger left = new AtomicInteger(failing);
                Checkpoint broken = Observed.of(Checkpoint.class, checkpoint, call -> {
                    if (isRead(call) && left.decrementAndGet() == 0) {
                        throw new InvalidInputException("broken");
                    }
                });
                assertEquals("broken", assertThrows(InvalidInputException.class, () -> load(broken)).getMessage());
                assertEquals(before, engine.getManagedArrays().size(), "read " + failing);
            }
        }
    }

    private int reads(Checkpoint checkpoint) {
        AtomicInteger reads = new AtomicInteger();
        load(Observed.of(Checkpoint.class, checkpoint, call -> reads.addAndGet(isRead(call) ? 1 : 0))).close();
        return reads.get();
    }

    private CausalLM load(Checkpoint checkpoint) {
        return CausalLM.load(checkpoint, variant.residence(), variant.kernels());
    }

    private static boolean isRead(Observed.Call call) {
        return call.method().startsWith("read");
    }
}
