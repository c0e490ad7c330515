package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import superweight.TestModel;

class StopwordsTest {
    private static final Stopwords LIST = Stopwords.bundled();

    /** Who changes the list changes what notebook 04's numbers mean: then this has to be changed too. */
    @Test
    void theListIsTheOneThatWasFixedBeforeAnythingWasMeasured() {
        assertEquals(
                List.of("articles", "pronouns", "prepositions", "conjunctions", "auxiliaries", "negations", "particles",
                        "punctuation"),
                List.copyOf(LIST.classes().keySet()));
        assertEquals("a28cec1fc0ef1b2a2a7f6614d8665dfe2705c80d867705852af846115180af10", LIST.sha256());
    }

    @Test
    void everyEntryIsLowerCaseSortedInItsClassAndInNoOther() {
        Set<String> seen = new HashSet<>();
        LIST.classes().forEach((name, entries) -> {
            assertFalse(entries.isEmpty(), name);
            List<String> sorted = new ArrayList<>(entries);
            sorted.sort(null);
            assertEquals(sorted, entries, name);
            for (String entry : entries) {
                assertEquals(entry.toLowerCase(Locale.ROOT).strip(), entry);
                assertFalse(entry.isEmpty(), name);
                assertTrue(seen.add(entry), entry + " stands in the list twice");
            }
        });
    }

    @Test
    void punctuationConsistsOfSingleMarksAndNothingElseDoes() {
        LIST.classes().forEach((name, entries) -> entries.forEach(entry -> {
            boolean isMark = entry.codePointCount(0, entry.length()) == 1
                    && !Character.isLetterOrDigit(entry.charAt(0));
            assertEquals(name.equals("punctuation"), isMark, entry);
        }));
    }

    @Test
    void aTokenIsLookedUpWithoutOneLeadingBlankInLowerCase() {
        Stopwords list = Stopwords.of("# a comment\narticles: a the\npunctuation: , .\n");
        assertEquals(Map.of("articles", List.of("a", "the"), "punctuation", List.of(",", ".")), list.classes());
        assertEquals(
                List.of(TokenKind.STOPWORD, TokenKind.STOPWORD, TokenKind.STOPWORD, TokenKind.OTHER, TokenKind.OTHER,
                        TokenKind.PUNCTUATION, TokenKind.PUNCTUATION, TokenKind.OTHER, TokenKind.OTHER,
                        TokenKind.OTHER),
                list.kinds(List.of("the", " the", " The", "  the", " them", ".", " .,", ".\n", "", " ")));
    }

    @Test
    void aMarkOfTheListIsNoStopword() {
        assertEquals(List.of(TokenKind.OTHER),
                Stopwords.of("articles: the\n").kinds(List.of(".")));
    }

    @Test
    void theEmbeddedModelsTokensCountAsTheyRead() {
        List<Token> tokens = Vocabulary.of(TestModel.smollm2(), LIST).tokens();
        assertEquals(TestModel.smollm2().config().vocabSize(), tokens.size());
        Map<String, TokenKind> expected = Map.of(
                " the", TokenKind.STOPWORD, "The", TokenKind.STOPWORD, " I", TokenKind.STOPWORD,
                ".", TokenKind.PUNCTUATION, ",", TokenKind.PUNCTUATION, ".\"", TokenKind.PUNCTUATION,
                " Helen", TokenKind.OTHER, "\n", TokenKind.OTHER);
        expected.forEach((token, kind) -> {
            int[] ids = TestModel.smollm2().tokenizer().encode(token);
            assertEquals(1, ids.length, token);
            assertEquals(new Token(ids[0], token, kind), tokens.get(ids[0]));
        });
    }
}
