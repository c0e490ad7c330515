package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;

class PrintedTableTest {
    @TempDir
    private Path folder;

    @Test
    void aCellIsFoundByItsRowAndColumn() {
        PrintedTable table = PrintedTable.read(Checkout.current().printed("table-1"));
        assertEquals(720.57, table.value("Prune SW, +SA", "Wiki-2"));
        assertEquals((7.08 + 5.67) / 2, table.average("Original", List.of("C4", "Wiki-2")), 1e-12);
    }

    /** Tables 3, 4 and 7 are claims too, cell by cell; neither copy may stray from the other. */
    @ParameterizedTest
    @ValueSource(strings = {"3", "4", "7"})
    void aTableOfClaimsPrintsWhatTheClaimsPrint(String number) throws IOException {
        PrintedTable table = PrintedTable.read(Checkout.current().printed("table-" + number));
        List<Claim> claims = Claims.read(Checkout.current().claims()).rows().stream()
                .filter(claim -> claim.place().equals("Table " + number))
                .toList();
        Map<String, String> rows = Map.of("FP16", "float", "Naive W8A8", "naive", "SmoothQuant", "smoothquant",
                "Ours", "ours", "Ours, percent", number.equals("3") ? "share-of-smoothquant" : "share-of-gap");
        assertFalse(table.values().isEmpty());
        table.values().forEach((cell, value) -> {
            String text = cell.column().endsWith("Wiki-2") ? "wikitext2" : "c4";
            String model = cell.column().substring(0, cell.column().indexOf(','));
            assertEquals(List.of(value), claims.stream()
                    .filter(claim -> claim.id().startsWith("w8a8-" + rows.get(cell.row()) + "-" + text + "-"))
                    .filter(claim -> claim.modelName().equals(model))
                    .map(claim -> claim.printed().doubleValue())
                    .toList(), cell::toString);
        });
    }

    @Test
    void aCellThatStandsTwiceOrNowhereIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "row,column,value,source\na,b,1,s\na,b,2,s\n");
        assertThrows(InvalidInputException.class, () -> PrintedTable.read(file));
        Files.writeString(file, "row,column,value,source\na,b,1,s\n");
        assertThrows(IllegalArgumentException.class, () -> PrintedTable.read(file).value("a", "c"));
    }
}
