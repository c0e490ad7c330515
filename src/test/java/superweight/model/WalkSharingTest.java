package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import superweight.Progress;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.MapWeights;
import superweight.model.Intervention.ScaleWeights;

/** A walk computes no more than its runs differ by, and reads no more than its layers need. */
@ParameterizedClass
@EnumSource
class WalkSharingTest {
    private static final int LAYERS = 5;
    private static final int HIDDEN = 24;
    private static final int TOKENS = 10;
    private static final RandomLlama TINY =
            RandomLlama.of(RandomLlama.config(LAYERS, HIDDEN, 40, 2, 8, false), 1);

    private final NDManager manager = TorchEngine.newManager();
    private final Checkpoint checkpoint;
    private final Kernels kernels;

    /** How many rows went through an MLP at once, each time that some did. */
    private final List<Long> rows = new ArrayList<>();

    /** How many numbers were read of a tensor, each time that some were; in two threads. */
    private final ConcurrentLinkedQueue<Read> reads = new ConcurrentLinkedQueue<>();

    private record Read(String tensor, long numbers) {}

    WalkSharingTest(KernelChoice choice, @TempDir Path folder) {
        checkpoint = Observed.of(
                Checkpoint.class, Checkpoints.open(TINY.writeTo(folder.resolve("tiny.gguf"))), this::note);
        kernels = Observed.of(Kernels.class, choice.load(manager), this::noteRows);
    }

    private void note(Observed.Call call) {
        if (call.method().startsWith("read")) {
            String name = (String) call.arguments()[0];
            Object target = call.arguments()[call.arguments().length - 1];
            assertTrue(target instanceof Buffer, call.method() + " of " + name + " reads into a buffer");
            int numbers = ((Buffer) target).remaining() / (target instanceof ByteBuffer ? Float.BYTES : 1);
            reads.add(new Read(name, numbers));
        }
    }

    private void noteRows(Observed.Call call) {
        if (call.method().equals("swiGlu")) {
            rows.add(((NDArray) call.arguments()[0]).getShape().get(0));
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void runsThatAreEqualAreComputedOnce() {
        List<ForwardPass> runs = new ArrayList<>(Collections.nCopies(3, ForwardPass.original(0)));
        runs.addAll(Collections.nCopies(2, new ForwardPass(0, List.of(scaling(2, 1), scaling(3, 1)))));
        runs.add(new ForwardPass(0, List.of(scaling(3, 1), scaling(2, 1)))); // the order of layers is no difference
        assertEquals(List.of(1L, 1L, 1L, 2L, 2L), textsComputed(1, runs));
    }

    /** A map that equals another is the same map. */
    @Test
    void equalMapsAreOneModel() {
        List<ForwardPass> runs = IntStream.range(0, 3)
                .mapToObj(i -> new ForwardPass(
                        0, List.of(new MapWeights(1, LinearLayer.UP_PROJ, new TestMaps.RoundedRows(7)))))
                .toList();
        assertEquals(List.of(1L, 1L, 1L, 1L, 1L), textsComputed(1, runs));
    }

    /** What is counted comes before a layer's down_proj. */
    @ParameterizedTest
    @EnumSource(LinearLayer.class)
    void conditionsShareTheirStatesUpToTheMatrixInWhichTheyPart(LinearLayer matrix) {
        long conditions = 4;
        for (int layer = 0; layer < LAYERS; layer++) {
            int parting = layer;
            List<ForwardPass> runs = IntStream.range(0, (int) conditions)
                    .mapToObj(i -> new ForwardPass(0, List.of(
                            new ScaleWeights(parting, matrix, List.of(new Cell(1, 2)), i))))
                    .toList();
            List<Long> expected = IntStream.range(0, LAYERS)
                    .mapToObj(each -> each < parting || each == parting && matrix == LinearLayer.DOWN_PROJ
                            ? 1L : conditions)
                    .toList();
            assertEquals(expected, textsComputed(1, runs));
        }
    }

    @Test
    void conditionsThatBeginAlikeShareTheirBeginning() {
        List<ForwardPass> runs = List.of(
                ForwardPass.original(0),
                new ForwardPass(0, List.of(scaling(1, 1))),
                new ForwardPass(0, List.of(scaling(1, 1), scaling(3, 1))),
                new ForwardPass(0, List.of(scaling(1, 1), scaling(3, 2))),
                new ForwardPass(0, List.of(scaling(4, 1))));
        assertEquals(List.of(1L, 1L, 2L, 2L, 4L), textsComputed(1, runs));
    }

    @Test
    void differentTextsShareNothing() {
        List<ForwardPass> runs = List.of(
                ForwardPass.original(0),
                ForwardPass.original(1),
                new ForwardPass(0, List.of(scaling(2, 1))),
                new ForwardPass(1, List.of(scaling(2, 1))));
        assertEquals(List.of(2L, 2L, 2L, 4L, 4L), textsComputed(2, runs));
    }

    /** What differs by an earlier layer only is multiplied by a layer's weights at once. */
    @Test
    void runsWithTheSameWeightsGoThroughALayerTogether() {
        List<ForwardPass> runs = new ArrayList<>();
        for (int text = 0; text < 3; text++) {
            runs.add(ForwardPass.original(text));
            runs.add(new ForwardPass(text, List.of(scaling(2, 1))));
        }
        walk(memory(), texts(3), runs, LAYERS);
        assertEquals(
                List.of(3L * TOKENS, 3L * TOKENS, 3L * TOKENS, 6L * TOKENS, 6L * TOKENS), rows);
    }

    @Test
    void moreThan1024RowsGoThroughALayerInBatches() {
        List<Sequence> texts =
                IntStream.of(500, 524, 1, 1024, 2000, 3).mapToObj(length -> Sequence.of(new int[length])).toList();
        walk(memory(), texts, originals(6), 1);
        assertEquals(List.of(1024L, 1L, 1024L, 2000L, 3L), rows);
    }

    @Test
    void aWalkReadsEachWeightOfItsLayersOnceAndOfTheEmbeddingTheRowsOfItsTokens() {
        Weights weights = disk();
        List<ForwardPass> runs = new ArrayList<>(originals(3));
        for (int text = 0; text < 3; text++) {
            runs.add(new ForwardPass(text, List.of(scaling(1, 1), scaling(4, 1))));
            runs.add(new ForwardPass(text, List.of(
                    new MapWeights(2, LinearLayer.DOWN_PROJ, new TestMaps.RoundedRows(7)), scaling(2, 1))));
        }
        walk(weights, texts(3), runs, LAYERS);
        assertEquals(expectedReads(LAYERS, 3), numbersRead());
    }

    @Test
    void aWalkThroughTheFirstLayersReadsNothingOfTheOthers() {
        for (int layers = 0; layers <= LAYERS; layers++) {
            Weights weights = disk();
            walk(weights, texts(1), originals(1), layers);
            assertEquals(expectedReads(layers, 1), numbersRead());
        }
    }

    @Test
    void aWalkThatIsGivenUpHasReadOneLayerAheadAtMost() {
        Weights weights = disk();
        try (Walk walk = new Walk(manager, TINY.config(), weights, texts(1), LAYERS)) {
            walk.nextLayer();
            walk.run(originals(1), ActivationReader.NONE);
        }
        assertEquals(expectedReads(2, 1), numbersRead());
    }

    /** Weights in memory are not read again. */
    @Test
    void aWalkThroughWeightsInMemoryReadsNoFile() {
        Weights weights = memory();
        walk(weights, texts(2), List.of(ForwardPass.original(0), new ForwardPass(1, List.of(scaling(1, 2)))), LAYERS);
        assertEquals(Map.of(), numbersRead());
    }

    /** How many texts went through each layer. */
    private List<Long> textsComputed(int texts, List<ForwardPass> runs) {
        List<Long> computed = new ArrayList<>();
        try (Walk walk = new Walk(manager, TINY.config(), memory(), texts(texts), LAYERS)) {
            while (walk.nextLayer()) {
                rows.clear();
                walk.run(runs, ActivationReader.NONE);
                computed.add(rows.stream().mapToLong(Long::longValue).sum() / TOKENS);
            }
        }
        return computed;
    }

    private void walk(Weights weights, List<Sequence> texts, List<ForwardPass> runs, int layers) {
        rows.clear();
        try (Walk walk = new Walk(manager, TINY.config(), weights, texts, layers)) {
            walk.through(runs, ActivationReader.NONE, Progress.NONE);
        }
    }

    /** Weights that are read before and not counted. */
    private Weights memory() {
        Weights weights = ResidentWeights.read(checkpoint, manager, kernels);
        reads.clear();
        return weights;
    }

    private Weights disk() {
        Weights weights = new StreamedWeights(checkpoint, manager, kernels.forStoredWeights());
        reads.clear();
        return weights;
    }

    private Map<String, Long> expectedReads(int layers, int texts) {
        Map<String, Long> expected = new TreeMap<>();
        checkpoint.tensors().forEach((name, shape) -> {
            if (IntStream.range(0, layers).anyMatch(layer -> name.startsWith("model.layers." + layer + "."))) {
                expected.put(name, shape.elements());
            }
        });
        expected.put(Weights.EMBED_TOKENS, (long) texts * TOKENS * HIDDEN);
        return expected;
    }

    private Map<String, Long> numbersRead() {
        return reads.stream()
                .collect(Collectors.groupingBy(Read::tensor, TreeMap::new, Collectors.summingLong(Read::numbers)));
    }

    private static List<Sequence> texts(int count) {
        Random random = new Random(count);
        return IntStream.range(0, count)
                .mapToObj(i -> Sequence.of(random.ints(TOKENS, 0, TINY.config().vocabSize()).toArray()))
                .toList();
    }

    private static List<ForwardPass> originals(int texts) {
        return IntStream.range(0, texts).mapToObj(ForwardPass::original).toList();
    }

    private static Intervention scaling(int layer, int column) {
        return Intervention.scale(new Coordinate(layer, 2, column), 3);
    }
}
