package superweight.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.MapWeights;
import superweight.model.Intervention.ScaleWeights;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/** Data comes back to the last bit, and different data never has the same bytes. */
class RecordFormatProperties {
    private record Inner(LinearLayer matrix, List<Double> numbers, boolean truth) {}

    private record Outer(
            int count,
            long large,
            float f,
            double d,
            String words,
            List<Inner> inner,
            float[] floats,
            double[] doubles,
            int[] ints) {}

    private record Other(LinearLayer matrix, List<Double> numbers, boolean truth) {}

    /** Without the edge cases, of which there are more than tries. */
    @Property(tries = 300, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void everyBitComesBack(@ForAll("records") List<Outer> records) throws IOException {
        byte[] bytes = RecordFormat.write(records);
        List<Outer> read = RecordFormat.readList(bytes, Outer.class);
        assertArrayEquals(bytes, RecordFormat.write(read));
        for (int i = 0; i < records.size(); i++) {
            Outer before = records.get(i);
            Outer after = read.get(i);
            assertEquals(before.count, after.count);
            assertEquals(before.large, after.large);
            assertEquals(Float.floatToRawIntBits(before.f), Float.floatToRawIntBits(after.f));
            assertEquals(Double.doubleToRawLongBits(before.d), Double.doubleToRawLongBits(after.d));
            assertEquals(before.words, after.words);
            assertEquals(before.inner, after.inner);
            assertArrayEquals(bits(before.floats), bits(after.floats));
            assertArrayEquals(bits(before.doubles), bits(after.doubles));
            assertArrayEquals(before.ints, after.ints);
        }
    }

    @Property(tries = 1000, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void otherDataHasOtherBytes(@ForAll("scalings") ScaleWeights one, @ForAll("scalings") ScaleWeights other) {
        assertEquals(one.equals(other), Arrays.equals(RecordFormat.write(one), RecordFormat.write(other)));
    }

    @Property(tries = 300, seed = "1")
    void whereAListOrAWordEndsCounts(@ForAll List<String> words, @ForAll String word) {
        assertDiffer(List.of(words, List.of(word)), List.of(List.of(word), words), words.equals(List.of(word)));
        assertDiffer(List.of(word, word), List.of(word + word), false);
        assertDiffer(List.of(words), words, false);
    }

    @Property(tries = 200, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void bytesThatWereCutOffAreRefused(@ForAll("records") List<Outer> records, @ForAll double share) {
        byte[] bytes = RecordFormat.write(records);
        byte[] torn = Arrays.copyOf(bytes, (int) (bytes.length * (Math.abs(share) % 1)));
        assertThrows(IOException.class, () -> RecordFormat.readList(torn, Outer.class));
    }

    @Example
    void equalNumbersOfAnotherKindAndRecordsOfAnotherClassDiffer() {
        assertDiffer(1, 1L, false);
        assertDiffer(1f, 1d, false);
        assertDiffer(0d, -0d, false);
        assertDiffer(new int[] {1}, List.of(1), false);
        assertDiffer(
                new Inner(LinearLayer.Q_PROJ, List.of(), true), new Other(LinearLayer.Q_PROJ, List.of(), true), false);
        assertThrows(IOException.class, () -> RecordFormat.readList(
                RecordFormat.write(List.of(new Inner(LinearLayer.Q_PROJ, List.of(), true))), Other.class));
    }

    /** What a lambda does cannot be seen; the name of its class may be another's in the next run. */
    @Example
    void whatIsNotDataIsRefused() {
        TensorMap lambda = tensor -> tensor;
        MapWeights mapped = new MapWeights(0, LinearLayer.Q_PROJ, lambda);
        for (Object each : List.of(lambda, mapped, List.of(List.of(new Object())), Optional.of(1))) {
            assertThrows(IllegalArgumentException.class, () -> RecordFormat.write(each));
        }
        assertThrows(IllegalArgumentException.class, () -> RecordFormat.write(null));
        assertThrows(IllegalArgumentException.class, () -> RecordFormat.write(Arrays.asList(1, null)));
    }

    private static void assertDiffer(Object one, Object other, boolean equal) {
        boolean same = Arrays.equals(RecordFormat.write(one), RecordFormat.write(other));
        if (equal) {
            assertEquals(equal, same);
        } else {
            assertFalse(same, () -> one + " and " + other);
        }
    }

    @Provide
    Arbitrary<List<Outer>> records() {
        Arbitrary<Double> doubles = Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.of(0x7ff0000000000001L, 0xfff8000000000002L).map(Double::longBitsToDouble)); // two NaN
        Arbitrary<Float> floats = Arbitraries.oneOf(
                Arbitraries.integers().map(Float::intBitsToFloat),
                Arbitraries.of(0x7f800001, 0xffc00002).map(Float::intBitsToFloat));
        Arbitrary<Inner> inner = Combinators.combine(
                        Arbitraries.of(LinearLayer.class),
                        Arbitraries.doubles().list().ofMaxSize(3),
                        Arbitraries.of(true, false))
                .as(Inner::new);
        Arbitrary<float[]> floatArray = floats.list().ofMaxSize(5).map(list -> {
            float[] array = new float[list.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = list.get(i);
            }
            return array;
        });
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        floats,
                        doubles,
                        Arbitraries.strings().ofMaxLength(8),
                        inner.list().ofMaxSize(3),
                        floatArray,
                        doubles.array(double[].class).ofMaxSize(5))
                .as((count, large, f, d, words, list, fs, ds) -> new Outer(
                        count, large, f, d, words, list, fs, ds, new int[] {count, list.size()}))
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<ScaleWeights> scalings() {
        Arbitrary<List<Cell>> cells = Combinators.combine(
                        Arbitraries.integers().between(0, 1), Arbitraries.integers().between(0, 1))
                .as(Cell::new).list().ofMaxSize(2);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(LinearLayer.Q_PROJ, LinearLayer.DOWN_PROJ),
                        cells,
                        Arbitraries.of(0f, -0f, 0.1f, Math.nextUp(0.1f)))
                .as(ScaleWeights::new);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }
}
