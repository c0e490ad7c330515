package superweight.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.find.SuperWeightFinder;
import superweight.measure.Accuracy;
import superweight.measure.ActivationTrace;
import superweight.measure.AttentionSink;
import superweight.measure.ChannelLedger;
import superweight.measure.ChannelMaxima;
import superweight.measure.Condition;
import superweight.measure.Continuation;
import superweight.measure.Generation;
import superweight.measure.NextTokenDistribution;
import superweight.measure.Perplexity;
import superweight.measure.SuperActivation;
import superweight.measure.TaskItem;
import superweight.measure.TaskItem.MultipleChoice;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;
import superweight.model.Intervention.MapInput;
import superweight.model.KernelChoice;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;
import superweight.model.Tokenizer.Bos;

class JournalTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final Coordinate PLACE = new Coordinate(1, 2, 3);
    private static final List<Condition> CONDITIONS = List.of(
            Condition.ORIGINAL,
            new Condition("pruned", List.of(Intervention.prune(PLACE))),
            new Condition("restored", List.of(
                    Intervention.prune(PLACE), Intervention.restoreSuperActivation(PLACE))));

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        MODEL.close();
    }

    private record Inputs(int number) {}

    private record Result(double value) {}

    /** Everything that a notebook measures for longer than a moment. */
    private enum Measurement {
        PERPLEXITY(progress -> Perplexity.measureAll(MODEL, texts(2, 9, 9), CONDITIONS, progress)),
        ACCURACY(progress -> Accuracy.measureAll(MODEL, items(), CONDITIONS, Bos.AUTO, progress)),
        NEXT_TOKEN(progress -> NextTokenDistribution.measureAll(MODEL, texts(3, 4, 9), CONDITIONS, progress).stream()
                .map(each -> Arrays.stream(each.mean()).boxed().toList())
                .toList()),
        TRACE(progress -> ActivationTrace.measureAll(MODEL, texts(2, 5, 9), CONDITIONS, 4, progress)),
        SINK(progress -> AttentionSink.measureAll(MODEL, texts(2, 5, 9), CONDITIONS, progress)),
        LEDGER(progress -> ChannelLedger.measureAll(MODEL, texts(2, 5, 9), new int[] {0, 3}, 4, progress)),
        MAXIMA(progress -> List.of(
                ChannelMaxima.measure(MODEL, texts(2, 5, 9), Set.of(Site.LN1_OUT, Site.MLP_POST), progress))),
        SUPER_ACTIVATION(progress -> SuperActivation.measureAll(MODEL, texts(2, 5, 9), PLACE, progress)),
        SEARCH(progress -> SuperWeightFinder.of(MODEL).find(texts(20, 3, 6), progress)),
        GENERATION(progress -> List.of(Generation.greedy(
                MODEL, new int[] {5, 6}, CONDITIONS.get(1).interventions(), 4, OptionalInt.of(1), progress)));

        private final Function<Progress, List<?>> run;

        Measurement(Function<Progress, List<?>> run) {
            this.run = run;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasMeasuredIsHandedOutToTheLastBitWithoutAForwardPass(Measurement measurement) throws IOException {
        byte[] unkept = RecordFormat.write(measurement.run.apply(Progress.NONE));
        List<String> first = new ArrayList<>();
        assertArrayEquals(unkept, RecordFormat.write(
                measurement.run.apply(new Journal(folder).keeping((fraction, what) -> first.add(what)))));
        assertTrue(first.stream().anyMatch(JournalTest::isForwardPass), first::toString);
        assertTrue(!files().isEmpty());

        List<String> second = new ArrayList<>();
        List<Double> fractions = new ArrayList<>();
        Journal journal = new Journal(folder);
        assertArrayEquals(unkept, RecordFormat.write(measurement.run.apply(journal.keeping((fraction, what) -> {
            second.add(what);
            fractions.add(fraction);
        }))));
        assertTrue(second.stream().noneMatch(JournalTest::isForwardPass), second::toString);
        assertTrue(journal.keptSeconds() > 0);
        assertEquals(1, fractions.isEmpty() ? 1 : fractions.get(fractions.size() - 1), 1e-12);
    }

    private static boolean isForwardPass(String what) {
        return what.contains("layer") || what.contains("token");
    }

    /** Counts the texts whose activations it is given; as a record, it is data. */
    private record Counting() implements TensorMap {
        private static final AtomicInteger TEXTS = new AtomicInteger();

        @Override
        public NDArray apply(NDArray tensor) {
            TEXTS.incrementAndGet();
            return tensor;
        }
    }

    @Test
    void aMeasurementThatWasStoppedMeasuresOnlyWhatIsMissing() {
        List<int[]> windows = texts(66, 512, 512); // two batches
        Condition counted = new Condition(
                "counted", List.of(new MapInput(0, LinearLayer.DOWN_PROJ, new Counting())));
        List<Condition> conditions = Collections.nCopies(25, counted);
        List<Perplexity> whole = Perplexity.measureAll(MODEL, windows, conditions, Progress.NONE);
        assertEquals(66, Counting.TEXTS.getAndSet(0));

        Progress stopping = (fraction, what) -> {
            if (fraction > 0.9) {
                throw new IllegalStateException("stopped");
            }
        };
        assertThrows(IllegalStateException.class, () -> Perplexity.measureAll(
                MODEL, windows, conditions, new Journal(folder).keeping(stopping)));
        assertEquals(66, Counting.TEXTS.getAndSet(0));

        List<Perplexity> resumed = Perplexity.measureAll(
                MODEL, windows, conditions, new Journal(folder).keeping(Progress.NONE));
        int missing = Counting.TEXTS.getAndSet(0);
        assertTrue(0 < missing && missing < 20, "measured " + missing + " windows again");
        assertEquals(whole, resumed);
    }

    @Test
    void aStepOfOtherInputsIsMeasured() {
        List<int[]> windows = texts(2, 9, 9);
        measure(MODEL, windows, CONDITIONS);
        assertEquals(0, measured(() -> measure(MODEL, windows, CONDITIONS)));
        assertEquals(1, measured(() -> measure(MODEL, windows.subList(0, 1), CONDITIONS)));
        assertEquals(1, measured(() -> measure(MODEL, List.of(windows.get(1), windows.get(0)), CONDITIONS)));
        assertEquals(1, measured(() -> measure(MODEL, windows, CONDITIONS.subList(0, 2))));
        assertEquals(1, measured(() -> measure(MODEL, windows, List.of(
                CONDITIONS.get(0), new Condition("pruned", List.of(Intervention.scale(PLACE, 1e-45)))))));
        try (CausalLM reference = RandomLlama.small().load(KernelChoice.REFERENCE)) {
            assertEquals(1, measured(() -> measure(reference, windows, CONDITIONS)));
        }
        assertEquals(0, measured(() -> measure(MODEL, windows, CONDITIONS)));
    }

    @Test
    void resultsOfAnotherClassAreMeasured() {
        record Another(double value) {}

        step(new Inputs(1), 0.5);
        assertEquals(List.of(new Another(0.25)), new Journal(folder).keeping(Progress.NONE)
                .step(new Inputs(1), Another.class, () -> List.of(new Another(0.25))));
    }

    /** What it does cannot be known in the next run. */
    @Test
    void underALambdaNothingIsKept() throws IOException {
        Condition lambda = new Condition("lambda", List.of(new MapInput(0, LinearLayer.DOWN_PROJ, tensor -> tensor)));
        List<int[]> windows = texts(2, 9, 9);
        measure(MODEL, windows, List.of(lambda));
        assertEquals(List.of(), files());
        measure(MODEL, windows, List.of(Condition.ORIGINAL));
        assertEquals(1, files().size());
    }

    @Test
    void aRecordThatIsNotAsItWasWrittenIsMeasuredAnew() throws IOException {
        assertEquals(0.5, step(new Inputs(1), 0.5));
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertEquals(0.25, step(new Inputs(1), 0.25), length + " bytes of it");
        }
        for (int place = 0; place < whole.length; place++) {
            byte[] changed = whole.clone();
            changed[place] ^= 1;
            Files.write(file, changed);
            assertEquals(0.25, step(new Inputs(1), 0.25), "byte " + place);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertEquals(0.25, step(new Inputs(1), 0.25));
        Files.write(file, whole);
        assertEquals(0.5, step(new Inputs(1), 0.25));
    }

    @Test
    void aRecordUnderAnotherNameIsNotServed() throws IOException {
        step(new Inputs(1), 0.5);
        Path one = files().get(0);
        step(new Inputs(2), 0.25);
        Path two = files().stream().filter(file -> !file.equals(one)).findFirst().orElseThrow();
        Files.write(two, Files.readAllBytes(one));
        assertEquals(0.125, step(new Inputs(2), 0.125));
    }

    @Test
    void onlyWhatEarlierRunsMeasuredCountsAsKept() {
        Journal first = new Journal(folder);
        for (int again = 0; again < 2; again++) {
            first.keeping(Progress.NONE).step(new Inputs(1), Result.class, () -> slowly(0.5));
        }
        assertEquals(0, first.keptSeconds());
        Journal second = new Journal(folder);
        second.keeping(Progress.NONE).step(new Inputs(1), Result.class, () -> slowly(0.25));
        assertTrue(second.keptSeconds() >= 0.02, "kept " + second.keptSeconds() + " s");
    }

    @Test
    void aMeasurementThatFailsLeavesNothing() throws IOException {
        assertThrows(ArithmeticException.class, () -> new Journal(folder).keeping(Progress.NONE)
                .step(new Inputs(1), Result.class, () -> {
                    throw new ArithmeticException("out of range");
                }));
        assertEquals(List.of(), files());
    }

    private static List<Result> slowly(double value) {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return List.of(new Result(value));
    }

    private double step(Inputs inputs, double value) {
        return new Journal(folder).keeping(Progress.NONE)
                .step(inputs, Result.class, () -> List.of(new Result(value)))
                .get(0)
                .value();
    }

    private List<Perplexity> measure(CausalLM model, List<int[]> windows, List<Condition> conditions) {
        return Perplexity.measureAll(model, windows, conditions, new Journal(folder).keeping(Progress.NONE));
    }

    /** How many steps were measured and kept. */
    private int measured(Runnable measurement) {
        int before = files().size();
        measurement.run();
        return files().size() - before;
    }

    private List<Path> files() {
        return List.of(folder.toFile().listFiles()).stream().map(File::toPath).toList();
    }

    private static List<TaskItem> items() {
        return List.of(new MultipleChoice(
                List.of(new Continuation("a cat", " sat"), new Continuation("a cat", " ran off")), 0));
    }

    private static List<int[]> texts(int count, int shortest, int longest) {
        Random random = new Random(count);
        return IntStream.range(0, count)
                .map(i -> shortest + random.nextInt(longest - shortest + 1))
                .mapToObj(length -> random.ints(length, 2, RandomLlama.TOKENS.size()).toArray())
                .toList();
    }
}
