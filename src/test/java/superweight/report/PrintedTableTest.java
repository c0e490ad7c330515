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
    @TempDir
    private Path folder;

    @Test
    void aCellIsFoundByItsRowAndColumn() {
        PrintedTable table = PrintedTable.read(Checkout.current().printed("table-1"));
        assertEquals(720.57, table.value("Prune SW, +SA", "Wiki-2"));
        assertEquals((7.08 + 5.67) / 2, table.average("Original", List.of("C4", "Wiki-2")), 1e-12);
    }

    @Test
    void aCellThatStandsTwiceOrNowhereIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "row,column,value,source\na,b,1,s\na,b,2,s\n");
        assertThrows(InvalidInputException.class, () -> PrintedTable.read(file));
        Files.writeString(file, "row,column,value,source\na,b,1,s\n");
        assertThrows(IllegalArgumentException.class, () -> PrintedTable.read(file).value("a", "c"));
    }
}
