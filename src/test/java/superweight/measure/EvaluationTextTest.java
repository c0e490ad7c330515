package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.InvalidInputException;
import superweight.TestModel;

class EvaluationTextTest {
    @TempDir
    private Path folder;

    /** As Hugging Face's data set has it: a row keeps its newline, a blank one is empty. */
    @Test
    void wikiText2IsRowsJoinedByTwoNewlines() {
        assertEquals("\n\n = Title = \n\n\n\n\n Some text , caf\u00e9 \n\n\n more \n",
                EvaluationText.joinedRows(" \n = Title = \n \n Some text , caf\u00e9 \n more \n"));
    }

    @Test
    void refusesAnotherTextUnderTheNameOfWikiText2() throws IOException {
        Files.writeString(folder.resolve("wiki.test.raw"), " \n = Title = \n");
        String message = assertThrows(InvalidInputException.class,
                () -> EvaluationText.fromDataFolder(Optional.of(folder))).getMessage();
        assertTrue(message.contains("is not the raw test split of WikiText-2"), message);
    }

    @Test
    void refusesADataFolderWithoutTheFile() {
        String message = assertThrows(
                InvalidInputException.class, () -> EvaluationText.wikitext2(folder)).getMessage();
        assertEquals("The data folder " + folder
                + " holds no file wiki.test.raw (the raw test split of WikiText-2).", message);
        assertThrows(InvalidInputException.class, () -> EvaluationText.wikitext2(folder.resolve("none")));
    }

    @Test
    void aTextFileIsTakenAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.txt"), " \u4e2d\r\n\n \ud83d\ude00");
        EvaluationText text = EvaluationText.file(file);
        assertEquals("mine.txt", text.name());
        assertEquals(" \u4e2d\r\n\n \ud83d\ude00", text.text());
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                EvaluationText.file(Files.writeString(file, "abc")).sha256());
    }

    @Test
    void refusesTextThatIsMissingOrNotUtf8() throws IOException {
        Path file = folder.resolve("latin1.txt");
        assertThrows(InvalidInputException.class, () -> EvaluationText.file(file));
        Files.write(file, "caf\u00e9 ".getBytes(StandardCharsets.ISO_8859_1));
        String message = assertThrows(InvalidInputException.class, () -> EvaluationText.file(file)).getMessage();
        assertEquals("The text file " + file + " is not UTF-8 throughout.", message);
        Files.copy(file, folder.resolve("wiki.test.raw"));
        assertThrows(InvalidInputException.class, () -> EvaluationText.wikitext2(folder));
    }

    @Test
    void theBundledTextsAreLongEnoughToMeasureOn() {
        assertTrue(TestModel.smollm2().tokenizer().encode(EvaluationText.bundled().text()).length >= 12_000);
        assertTrue(TestModel.smollm2().tokenizer().encode(EvaluationText.heldOut().text()).length >= 4_000);
    }

    @Test
    void theBundledTextsShareNoParagraphAndRepeatNone() {
        List<String> paragraphs = new ArrayList<>(paragraphs(EvaluationText.bundled()));
        paragraphs.addAll(paragraphs(EvaluationText.heldOut()));
        Set<String> different = new HashSet<>(paragraphs);
        assertEquals(different.size(), paragraphs.size());
    }

    @Test
    void theBundledTextsAreArticlesOnManySubjects() {
        assertEquals(31, titles(EvaluationText.bundled()).size());
        assertTrue(titles(EvaluationText.heldOut()).size() >= 8);
        assertEquals(EvaluationText.bundled(), EvaluationText.fromDataFolder(Optional.empty()));
    }

    /** An article begins with its title: a short paragraph that ends without a full stop. */
    private static List<String> titles(EvaluationText text) {
        return paragraphs(text).stream().filter(each -> each.length() < 80 && !each.endsWith(".")).toList();
    }

    private static List<String> paragraphs(EvaluationText text) {
        return Arrays.stream(text.text().split("\\R\\s*\\R")).map(String::strip).filter(p -> !p.isEmpty()).toList();
    }
}
