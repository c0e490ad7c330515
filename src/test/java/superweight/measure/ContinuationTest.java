package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.InvalidInputException;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Tokenizer.Bos;

/** In the tokenizer of these tests "th" and "an" are one token each, and so is every other letter. */
class ContinuationTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int ENOUGH = 512;

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {
        "the man,' ran',3",
        "the m,an,1",
        // The token of "th" belongs to the context, which has one token by itself.
        "t,hen,2",
        "t,ho,1"
    })
    void contextAndContinuationArePartedAfterAsManyTokensAsTheContextHasByItself(
            String context, String text, int scored) {
        Continuation.Tokenized tokenized = tokenized(context, text, Bos.NO, ENOUGH);
        assertArrayEquals(MODEL.tokenizer().encode(context + text), tokenized.ids());
        assertEquals(scored, tokenized.scored());
        int[] ids = tokenized.ids();
        assertArrayEquals(
                IntStream.range(ids.length - scored, ids.length).map(i -> ids[i]).toArray(), tokenized.targets());
    }

    @Test
    void whiteSpaceAtTheContextsEndMovesToTheContinuation() {
        Continuation.Tokenized expected = tokenized("the man", " \n ran", Bos.NO, ENOUGH);
        Continuation.Tokenized actual = tokenized("the man \n", " ran", Bos.NO, ENOUGH);
        assertArrayEquals(
                MODEL.tokenizer().encode(" \n ran"), expected.targets());
        assertArrayEquals(expected.ids(), actual.ids());
        assertEquals(expected.scored(), actual.scored());
    }

    @Test
    void theTokenThatBeginsASequenceBelongsToTheContext() {
        Continuation.Tokenized without = tokenized("the man", " ran", Bos.NO, ENOUGH);
        Continuation.Tokenized with = tokenized("the man", " ran", Bos.YES, ENOUGH);
        assertEquals(RandomLlama.BOS, with.ids()[0]);
        assertArrayEquals(without.ids(), IntStream.of(with.ids()).skip(1).toArray());
        assertEquals(without.scored(), with.scored());
        assertArrayEquals(
                MODEL.tokenizer().encode("ran"), tokenized("", "ran", Bos.YES, ENOUGH).targets());
    }

    /** The last token is scored and not read, so five tokens need four positions. */
    @ParameterizedTest
    @CsvSource({"3,2", "4,1", "5,0", "6,0"})
    void whatIsTooLongForTheModelLosesItsBeginning(int maxPositions, int lost) {
        int[] whole = MODEL.tokenizer().encode("abc de");
        Continuation.Tokenized tokenized = tokenized("abc", " de", Bos.NO, maxPositions);
        assertArrayEquals(IntStream.of(whole).skip(lost).toArray(), tokenized.ids());
        assertEquals(3, tokenized.scored());
        LastStates.Wanted read = onlyOne(Continuation.Tokenized.readTogether(List.of(tokenized)));
        int tokens = whole.length - lost - 1;
        assertEquals(tokens, read.sequence().tokens());
        assertArrayEquals(new int[] {tokens - 3, tokens - 2, tokens - 1}, read.positions());
    }

    /** Three tokens are common to all; the last one of each is scored and not read. */
    @Test
    void continuationsThatAreReadTogetherReadWhatTheyBeginWithOnce() {
        LastStates.Wanted read = onlyOne(Continuation.Tokenized.readTogether(List.of(
                new Continuation.Tokenized(new int[] {5, 6, 7, 8, 9}, 2),
                new Continuation.Tokenized(new int[] {5, 6, 7, 3}, 1),
                new Continuation.Tokenized(new int[] {5, 6, 7, 4, 4, 4}, 3))));
        assertArrayEquals(new int[] {5, 6, 7, 8, 4, 4}, read.sequence().ids());
        assertArrayEquals(new int[] {2, 3, 2, 2, 4, 5}, read.positions());
    }

    /** One sequence of them would save nothing. */
    @Test
    void continuationsThatBeginDifferentlyAreReadOneByOne() {
        List<LastStates.Wanted> read = Continuation.Tokenized.readTogether(List.of(
                new Continuation.Tokenized(new int[] {5, 6, 7}, 2), new Continuation.Tokenized(new int[] {6, 6, 7}, 1)));
        assertEquals(2, read.size());
        assertArrayEquals(new int[] {5, 6}, read.get(0).sequence().ids());
        assertArrayEquals(new int[] {0, 1}, read.get(0).positions());
        assertArrayEquals(new int[] {1}, read.get(1).positions());
    }

    private static LastStates.Wanted onlyOne(List<LastStates.Wanted> read) {
        assertEquals(1, read.size());
        return read.get(0);
    }

    @Test
    void refusesAContinuationThatTheModelCannotReadOrThatHasNoToken() {
        assertEquals(
                "The continuation ' de' must add from 1 to 2 tokens to its context, as many as the model reads,"
                        + " but it adds 3.",
                refusal("abc", " de", Bos.NO, 2));
        assertEquals(
                "The continuation 'h' must add from 1 to 512 tokens to its context, as many as the model reads,"
                        + " but it adds 0.",
                refusal("t", "h", Bos.NO, ENOUGH));
        assertEquals(
                "The context of the continuation 'a' is empty: the model needs a token to go on from.",
                refusal("", "a", Bos.NO, ENOUGH));
    }

    private static String refusal(String context, String text, Bos bos, int maxPositions) {
        return assertThrows(
                InvalidInputException.class, () -> tokenized(context, text, bos, maxPositions)).getMessage();
    }

    private static Continuation.Tokenized tokenized(String context, String text, Bos bos, int maxPositions) {
        return new Continuation(context, text).tokenized(MODEL.tokenizer(), bos, maxPositions);
    }
}
