package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Every option of every command whose value is one of a few names. */
class EnumNamesTest {
    /** An option, by its name and its command's. */
    private record Named(String command, String option) {
        OptionSpec in(CommandLine commandLine) {
            return commandLine.getSubcommands().get(command).getCommandSpec().findOption(option);
        }

        Stream<Enum<?>> values() {
            return Stream.of(in(Main.commandLine()).type().getEnumConstants()).map(constant -> (Enum<?>) constant);
        }
    }

    static Stream<Named> options() {
        return Main.commandLine().getSubcommands().entrySet().stream()
                .flatMap(command -> command.getValue().getCommandSpec().options().stream()
                        .filter(option -> option.type().isEnum())
                        .map(option -> new Named(command.getKey(), option.longestName())));
    }

    @ParameterizedTest
    @MethodSource("options")
    void aWrongNameIsToldTheRightOnesAsTheyAreTyped(Named named) {
        String names = named.values().map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        String message = assertThrows(
                        ParameterException.class,
                        () -> Main.commandLine().parseArgs(named.command, named.option, "no-such-name"))
                .getMessage();
        assertEquals(
                "Invalid value for option '" + named.option + "': expected one of " + names
                        + ", but it is 'no-such-name'",
                message);
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyNameIsTakenInSmallLettersAndInCapitals(Named named) {
        named.values().forEach(value -> {
            assertTaken(named, value, value.name().toLowerCase(Locale.ROOT));
            assertTaken(named, value, value.name().toUpperCase(Locale.ROOT));
        });
    }

    private static void assertTaken(Named named, Enum<?> value, String typed) {
        CommandLine commandLine = Main.commandLine();
        try {
            commandLine.parseArgs(named.command, named.option, typed);
        } catch (ParameterException missing) { // other options that the command needs
            assertTrue(missing.getMessage().contains("Missing required"), missing.getMessage());
        }
        assertEquals(value, named.in(commandLine).getValue());
    }
}
