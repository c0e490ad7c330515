package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import superweight.report.Results.Setting;

/** The tables of README.md and paper-tables/README.md are what the committed results say. */
class ReadmeTest {
    private final Checkout checkout = Checkout.current();
    private final Verdicts verdicts = Verdicts.of(checkout);

    @Test
    void theDocumentsShowTheCommittedResults() throws IOException {
        for (Path file : checkout.verdictDocuments()) {
            String document = Files.readString(file);
            assertEquals(VerdictBlocks.update(file.toString(), document, verdicts), document,
                    file + " is stale: run ./superweight verdicts --update");
        }
    }

    @Test
    void theReadmeHasRoomForItsClaims() {
        int rows = verdicts.headlineTable(verdicts.settings().get(0)).grid().rows().size();
        assertTrue(10 <= rows && rows <= 40, rows + " rows; paper-tables/README.md has them all");
    }

    /** A table that was to be filled in, written as a word between two at signs. */
    @Test
    void noPlaceholderIsLeftInWhatPeopleRead() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(checkout.root().resolve("README.md")));
        try (Stream<Path> docs = Files.list(checkout.root().resolve("docs"))) {
            docs.forEach(documents::add);
        }
        assertTrue(documents.size() > 3, documents::toString);
        for (Path document : documents) {
            assertFalse(Files.readString(document).matches("(?s).*@[A-Z]+@.*"), document::toString);
        }
    }

    @Test
    void aStaleBlockIsFound() {
        Setting setting = new Setting("m", "t");
        String document = "<!-- verdicts:begin model=m text=t -->\n<!-- verdicts:end -->\n";
        String fresh = VerdictBlocks.update("README.md", document, measured(setting, 12.5));
        assertEquals(fresh, VerdictBlocks.update("README.md", fresh, measured(setting, 12.5)));
        assertNotEquals(fresh, VerdictBlocks.update("README.md", fresh, measured(setting, 13.5)));
    }

    private Verdicts measured(Setting setting, double value) {
        String id = verdicts.claims().rows().get(0).id();
        return new Verdicts(
                verdicts.claims(), verdicts.headlines(), Results.of(setting, List.of(Measured.of(id, value))));
    }
}
