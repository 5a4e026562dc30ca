using CsCheck;
using PartnerPortal.Domain;

namespace PartnerPortal.UnitTests.Escalation;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("15s", 15)]
    [InlineData("15m", 900)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d", 86400)]
    [InlineData(" 90m ", 5400)]
    public void Durations_are_read(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromSeconds(seconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("15")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("15 minutes")]
    [InlineData("999999999999d")]
    [InlineData("4000d")]
    public void What_is_no_duration_is_refused(string? text) => Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void What_is_written_reads_back_the_same() => Gen.Long[0, 3650L * 86_400_000].Sample(ms =>
    {
        Assert.True(Durations.TryParse(Durations.Of(TimeSpan.FromMilliseconds(ms)), out var back));
        Assert.Equal(ms, (long)back.TotalMilliseconds);
    });

    [Theory]
    [InlineData(0, "at once")]
    [InlineData(900, "15 min")]
    [InlineData(5400, "1 h 30 min")]
    [InlineData(90000, "1 d 1 h")]
    public void People_read_it_in_their_words(int seconds, string said) => Assert.Equal(said, Durations.Said(TimeSpan.FromSeconds(seconds)));
}
