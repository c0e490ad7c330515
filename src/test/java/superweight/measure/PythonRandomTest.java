package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PythonRandomTest {
    /** {@code random.seed(0); [random.randint(0, 45575) for _ in range(6)]} in Python 3. */
    @Test
    void drawsWhatPythonDraws() {
        PythonRandom random = new PythonRandom(0);
        assertEquals(List.of(25247, 27562, 2653, 16968, 33506, 31845),
                Stream.generate(() -> random.below(45576)).limit(6).toList());
    }

    /** {@code random.randint(0, n - 1)} one after another, powers of two and their neighbours among the bounds. */
    @Test
    void eachBoundTakesAsManyBitsAsInPython() {
        PythonRandom random = new PythonRandom(0);
        assertEquals(List.of(0, 1, 0, 2, 995, 829),
                Stream.of(1, 2, 3, 7, 1024, 1025).map(random::below).toList());
    }

    @Test
    void everyNumberBelowTheBoundIsDrawnAndNoOther() {
        PythonRandom random = new PythonRandom(7);
        int[] counts = new int[5];
        IntStream.range(0, 5000).forEach(i -> counts[random.below(5)]++);
        assertTrue(IntStream.of(counts).allMatch(count -> count > 850 && count < 1150));
    }
}
