package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import superweight.report.Results.Setting;

/** The README's tables are what the committed results say. */
class ReadmeTest {
    private final Checkout checkout = Checkout.current();
    private final Claims claims = Claims.read(checkout.claims());

    /** Where results are committed, the README has to show them; `superweight verdicts --update` does. */
    @Test
    void theReadmeShowsTheCommittedResults() throws IOException {
        Results results = Results.read(checkout.paperTables());
        Path readme = checkout.root().resolve("README.md");
        String document = Files.exists(readme) ? Files.readString(readme) : "";
        assertTrue(document.contains("verdicts:begin") || results.settings().isEmpty(),
                "there are results in paper-tables, and README.md has no block of verdicts");
        if (document.contains("verdicts:begin")) {
            assertEquals(VerdictBlocks.update("README.md", document, claims, results), document,
                    "README.md is stale: run ./superweight verdicts --update README.md");
        }
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
        String id = claims.rows().get(0).id();
        String document = "<!-- verdicts:begin model=m text=t -->\n<!-- verdicts:end -->\n";
        String fresh = VerdictBlocks.update(
                "README.md", document, claims, Results.of(setting, List.of(Measured.of(id, 12.5))));
        assertEquals(fresh, VerdictBlocks.update(
                "README.md", fresh, claims, Results.of(setting, List.of(Measured.of(id, 12.5)))));
        assertTrue(!fresh.equals(VerdictBlocks.update(
                "README.md", fresh, claims, Results.of(setting, List.of(Measured.of(id, 13.5))))));
    }
}
