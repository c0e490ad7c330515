package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.InvalidInputException;

class PrintedTableTest {
    private static final List<String> TASKS = List.of(
            "arc_challenge", "arc_easy", "hellaswag", "lambada_openai", "piqa", "sciq", "winogrande");

    @TempDir
    private Path folder;

    /** 70.11 and 35.14 are these, cut off and not rounded; 50.09 is the table's own arithmetic, not the text's 49.94. */
    @Test
    void theAveragesOfTableOneFollowFromItsColumns() {
        PrintedTable table = PrintedTable.read(Checkout.current().printed("table-1"));
        assertEquals(70.117, table.average("Original", TASKS), 5e-4);
        assertEquals(35.146, table.average("Prune SW", TASKS), 5e-4);
        assertEquals(69.226, table.average("Prune Non-SW", TASKS), 5e-4);
        assertEquals(50.087, table.average("Prune SW, +SA", TASKS), 5e-4);
        assertEquals(720.57, table.value("Prune SW, +SA", "Wiki-2"));
    }

    @Test
    void aCellThatStandsTwiceOrNowhereIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "row,column,value,source\na,b,1,s\na,b,2,s\n");
        assertThrows(InvalidInputException.class, () -> PrintedTable.read(file));
        Files.writeString(file, "row,column,value,source\na,b,1,s\n");
        assertThrows(IllegalArgumentException.class, () -> PrintedTable.read(file).value("a", "c"));
    }
}
