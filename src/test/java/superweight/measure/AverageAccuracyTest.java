package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.measure.Accuracy.Outcome;

class AverageAccuracyTest {
    private static final AverageAccuracy AVERAGE =
            new AverageAccuracy(List.of(of(true, false), of(true, true, true, false)));

    @Test
    void everyTaskCountsTheSame() {
        assertEquals((0.5 + 0.75) / 2, AVERAGE.value(), 1e-15);
        assertEquals(6, AVERAGE.items());
    }

    /** The tasks' squared standard errors are 0.25 / 1 and 0.1875 / 3. */
    @Test
    void itsStandardErrorComesFromTheTasks() {
        assertEquals(Math.sqrt(0.25 + 0.0625) / 2, AVERAGE.standardError().getAsDouble(), 1e-15);
        assertEquals(OptionalDouble.empty(), new AverageAccuracy(List.of(of(true))).standardError());
    }

    @Test
    void itemsStandOneTaskAfterTheOther() {
        assertArrayEquals(new boolean[] {true, false, true, true, true, false}, AVERAGE.right());
        assertArrayEquals(new double[] {1, 0}, AVERAGE.scores().get(0));
    }

    @Test
    void withoutATaskThereIsNoAverage() {
        assertThrows(InvalidInputException.class, () -> new AverageAccuracy(List.of()));
    }

    private static Accuracy of(Boolean... right) {
        return new Accuracy(List.of(right).stream().map(each -> new Outcome(List.of(), each)).toList());
    }
}
