package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.InvalidInputException;
import superweight.model.Coordinate;
import superweight.report.SuperWeightDirectory.Standing;

class SuperWeightDirectoryTest {
    private static final SuperWeightDirectory DIRECTORY =
            SuperWeightDirectory.read(Checkout.current().superWeights());

    @TempDir
    private Path folder;

    @Test
    void thePapersTableIsAllThere() {
        assertEquals(List.of(new Coordinate(2, 3968, 7003)), DIRECTORY.of("llama-7b"));
        assertEquals(
                List.of(new Coordinate(2, 2231, 2278), new Coordinate(2, 2231, 6939)),
                DIRECTORY.of("huggyllama/llama-13b"));
        assertEquals(3, DIRECTORY.of("llama-30b").size());
        assertEquals(4, DIRECTORY.of("OLMo-7B-0724-hf").size());
        assertEquals(6, DIRECTORY.of("Phi-3-mini-4k-instruct").size());
        long printedInTable2 = DIRECTORY.entries().stream()
                .filter(entry -> entry.source().startsWith("arXiv:2411.07191v1, Table 2"))
                .count();
        assertEquals(1 + 2 + 3 + 1 + 1 + 1 + 2 + 4 + 6, printedInTable2);
    }

    /** The misprinted row stays in the directory, but nothing is pruned by it. */
    @Test
    void aDisputedCoordinateIsListedAndNotUsed() {
        assertTrue(DIRECTORY.entries().stream().anyMatch(entry -> entry.standing() == Standing.DISPUTED
                && entry.coordinate().equals(new Coordinate(1, 1764, 8041))));
        assertEquals(
                List.of(new Coordinate(1, 1764, 1710), new Coordinate(2, 1764, 8041)),
                DIRECTORY.of("OLMo-1B-0724-hf"));
    }

    @Test
    void onlyTheEmbeddedModelsAreMeasuredHere() {
        assertEquals(List.of("smollm2-135m"), DIRECTORY.entries().stream()
                .filter(entry -> entry.standing() == Standing.MEASURED)
                .map(SuperWeightDirectory.Entry::model)
                .distinct().toList());
    }

    @Test
    void refusesAStandingThatIsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("d.csv"),
                "model,layer,row,column,standing,source\nm,1,2,3,rumoured,s\n");
        assertEquals("d.csv, line 2, column standing: expected one of measured, printed, disputed, found \"rumoured\".",
                assertThrows(InvalidInputException.class, () -> SuperWeightDirectory.read(file)).getMessage());
    }
}
