package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.Family;
import superweight.checkpoint.RandomLlama;

/** Weights that are read while the model runs, from a file that may be gone or broken by then. */
@ParameterizedClass
@EnumSource
class StreamedWeightsTest {
    private static final RandomLlama TINY = RandomLlama.of(RandomLlama.config(5, 24, 40, 2, 8, false), 1);
    private static final int LAYERS = TINY.config().numHiddenLayers();
    private static final List<ForwardPass> RUNS = List.of(
            ForwardPass.original(0), new ForwardPass(0, List.of(Intervention.prune(new Coordinate(1, 2, 3)))));

    private final KernelChoice kernels;
    private final Path file;
    private final Checkpoint checkpoint;

    StreamedWeightsTest(KernelChoice kernels, @TempDir Path folder) {
        this.kernels = kernels;
        this.file = TINY.writeTo(folder.resolve("tiny.gguf"));
        this.checkpoint = Checkpoints.open(file);
    }

    @Test
    void theScoresAreThoseOfWeightsInMemory() {
        try (CausalLM streamed = load(checkpoint); CausalLM resident = TINY.load(kernels)) {
            int[] ids = Logits.ids(resident, 30, 1);
            Intervention pruning = Intervention.prune(new Coordinate(1, 2, 3));
            assertArrayEquals(Logits.of(resident, ids), Logits.of(streamed, ids), 1e-5f);
            assertArrayEquals(Logits.of(resident, ids, pruning), Logits.of(streamed, ids, pruning), 1e-5f);
        }
    }

    /** Vectors that only some families have are read into the arrays of the layer before, as all others are. */
    @Test
    void theScoresAreThoseOfWeightsInMemoryInEveryFamily(@TempDir Path folder) {
        for (Family family : List.of(Family.QWEN2, Family.QWEN3)) {
            RandomLlama tiny = RandomLlama.of(RandomLlama.in(family, TINY.config()), 1);
            Checkpoint stored = Checkpoints.open(tiny.writeTo(folder.resolve(family + ".gguf")));
            try (CausalLM streamed = load(stored); CausalLM resident = tiny.load(kernels)) {
                int[] ids = Logits.ids(resident, 30, 1);
                int before = streamed.nativeArrays();
                assertArrayEquals(Logits.of(resident, ids), Logits.of(streamed, ids), 1e-5f);
                assertEquals(before, streamed.nativeArrays());
            }
        }
    }

    @Test
    void everyWeightIsTheCheckpoints() {
        try (CausalLM model = load(checkpoint)) {
            for (LinearLayer matrix : LinearLayer.values()) {
                float[] expected = TINY.weights().get(matrix.weightName(3));
                int columns = matrix.inFeatures(TINY.config());
                assertArrayEquals(expected, model.weight(3, matrix));
                try (NDManager scope = model.newScope()) {
                    assertArrayEquals(expected, model.weight(3, matrix, scope).toFloatArray());
                }
                assertArrayEquals(
                        Arrays.copyOfRange(expected, 5 * columns, 6 * columns), model.weightRow(3, matrix, 5));
            }
        }
    }

    /** The reading of a layer waits until the walk, which is given up meanwhile, waits for it. */
    @Test
    void aWalkThatIsGivenUpWhileItsNextLayerIsReadWaitsForThatAndLeavesNoArray() {
        Thread walker = Thread.currentThread();
        AtomicBoolean given = new AtomicBoolean();
        AtomicBoolean finished = new AtomicBoolean();
        Checkpoint slow = Observed.of(Checkpoint.class, checkpoint, call -> {
            if (reads(call, "model.layers.1.")) {
                while (walker.getState() != Thread.State.TIMED_WAITING && !given.get()) {
                    Thread.onSpinWait();
                }
                finished.set(!given.get());
            }
        });
        try (CausalLM model = load(slow)) {
            int before = model.nativeArrays();
            try (Walk walk = walk(model)) {
                walk.nextLayer();
                walk.run(RUNS, ActivationReader.NONE);
                assertFalse(finished.get());
            } finally {
                given.set(true);
            }
            assertTrue(finished.get());
            assertEquals(before, model.nativeArrays());
        }
    }

    /** As a notebook's cell may be; else the arrays were freed while they are being filled. */
    @Test
    void aWalkThatIsInterruptedWaitsForTheReadingToo() {
        AtomicBoolean closing = new AtomicBoolean();
        AtomicBoolean finished = new AtomicBoolean();
        Checkpoint slow = Observed.of(Checkpoint.class, checkpoint, call -> {
            if (reads(call, "model.layers.1.") && !finished.get()) {
                while (!closing.get()) {
                    Thread.onSpinWait();
                }
                pause();
                finished.set(true);
            }
        });
        try (CausalLM model = load(slow)) {
            int before = model.nativeArrays();
            try (Walk walk = walk(model)) {
                walk.nextLayer();
                Thread.currentThread().interrupt();
                closing.set(true);
            }
            assertTrue(Thread.interrupted(), "the interruption is not lost");
            assertTrue(finished.get());
            assertEquals(before, model.nativeArrays());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void aFileThatBecomesShorterOnTheWayIsRefusedAndLeavesNoArray(int layer) {
        try (CausalLM model = load(checkpoint)) {
            int before = model.nativeArrays();
            byte[] whole = bytes();
            AtomicBoolean shortened = new AtomicBoolean();
            String message = assertThrows(InvalidInputException.class, () -> {
                try (Walk walk = walk(model)) {
                    while (walk.nextLayer()) {
                        walk.run(RUNS, ActivationReader.NONE);
                        if (walk.layer() == layer) {
                            write(Arrays.copyOf(whole, whole.length / 2));
                            shortened.set(true);
                        }
                    }
                }
                try (NDManager scope = model.newScope()) {
                    model.lmHead(scope); // after the last layer, this is what is left to read
                }
            }).getMessage();
            assertTrue(shortened.get());
            assertTrue(message.contains(file.toString()), message);
            assertEquals(before, model.nativeArrays());
            write(whole);
            assertEquals(TINY.config().vocabSize() * 3, Logits.of(model, new int[3]).length);
        }
    }

    @Test
    void aFileThatIsShorterBeforeAWalkBeginsIsRefusedAndLeavesNoArray() {
        try (CausalLM model = load(checkpoint)) {
            int before = model.nativeArrays();
            byte[] whole = bytes();
            write(Arrays.copyOf(whole, whole.length / 2));
            for (int i = 0; i < 3; i++) {
                String message = assertThrows(InvalidInputException.class, () -> walk(model)).getMessage();
                assertTrue(message.contains(file.toString()), message);
                assertEquals(before, model.nativeArrays());
            }
            assertThrows(InvalidInputException.class, () -> model.weight(1, LinearLayer.UP_PROJ));
            assertThrows(InvalidInputException.class, () -> model.weightRow(1, LinearLayer.UP_PROJ, 2));
            assertEquals(before, model.nativeArrays());
        }
    }

    /** Each of a model's tensors fails in its turn. */
    @Test
    void aTensorThatCannotBeReadIsRefusedWhereverItIsUsedAndLeavesNoArray() {
        for (String tensor : checkpoint.tensors().keySet()) {
            if (tensor.equals(Weights.NORM)) {
                continue; // it is read when the model is
            }
            Checkpoint failing = Observed.of(Checkpoint.class, checkpoint, call -> {
                if (reads(call, tensor)) {
                    throw new InvalidInputException("no " + tensor);
                }
            });
            try (CausalLM model = load(failing)) {
                int before = model.nativeArrays();
                assertEquals(
                        "no " + tensor,
                        assertThrows(InvalidInputException.class, () -> Logits.of(model, new int[3])).getMessage());
                assertEquals(before, model.nativeArrays(), tensor);
            }
        }
    }

    /** What could not be read ahead was not needed. */
    @Test
    void aLayerThatCannotBeReadDoesNotDisturbAWalkThatIsGivenUpBefore() {
        Checkpoint failing = Observed.of(Checkpoint.class, checkpoint, call -> {
            if (reads(call, "model.layers.2.")) {
                throw new InvalidInputException("no layer 2");
            }
        });
        try (CausalLM model = load(failing)) {
            int before = model.nativeArrays();
            try (Walk walk = walk(model)) {
                walk.nextLayer();
                walk.run(RUNS, ActivationReader.NONE);
                walk.nextLayer();
                walk.run(RUNS, ActivationReader.NONE);
            }
            assertEquals(before, model.nativeArrays());
            model.read(new int[3], 2, List.of(), ActivationReader.NONE);
        }
    }

    private static boolean reads(Observed.Call call, String prefix) {
        return call.method().startsWith("read") && ((String) call.arguments()[0]).startsWith(prefix);
    }

    private static Walk walk(CausalLM model) {
        return model.walk(List.of(Sequence.of(1, 2, 3)), LAYERS);
    }

    private CausalLM load(Checkpoint from) {
        return CausalLM.load(from, Residence.DISK, kernels);
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In place, as the file is held open by nobody. */
    private void write(byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
