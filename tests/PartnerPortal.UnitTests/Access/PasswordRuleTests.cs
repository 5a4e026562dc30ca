using PartnerPortal.Domain.Access;

namespace PartnerPortal.UnitTests.Access;

public sealed class PasswordRuleTests
{
    [Theory]
    [InlineData("short7c", "at least 8")]
    [InlineData(null, "at least 8")]
    [InlineData("aaaaaaaaaa", "pattern")]
    [InlineData("abababab", "pattern")]
    [InlineData("12345678", "pattern")]
    [InlineData("hgfedcba", "pattern")]
    [InlineData("Password1!", "tried first")]
    [InlineData("P4ssw0rd!!", "tried first")]
    [InlineData("qwertyuiop", "tried first")]
    [InlineData("Sommer2026", "tried first")]
    [InlineData("1q2w3e4r", "tried first")]
    [InlineData("PartnerPortal1", "made of")]
    [InlineData("ana.lindqvist1", "made of")]
    [InlineData("Lindqvist99", "made of")]
    public void What_is_guessed_first_is_refused_with_the_reason(string? password, string reason) =>
        Assert.Contains(reason, PasswordRule.Refusal(password, "ana.lindqvist@example.com", "Ana Lindqvist"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Correct-horse-1")]
    [InlineData("drei kleine boote")]
    [InlineData("x7#kQ2pv")]
    [InlineData("пароль из слов")]
    public void Whatever_is_not_guessed_first_is_good(string password) =>
        Assert.Null(PasswordRule.Refusal(password, "ana.lindqvist@example.com", "Ana Lindqvist"));

    [Fact]
    public void A_password_of_more_than_128_characters_is_refused_before_anybody_hashes_it() =>
        Assert.Contains("128", PasswordRule.Refusal(string.Concat(Enumerable.Range(0, 129).Select(i => (char)('a' + (i * 7 % 26))))), StringComparison.Ordinal);
}
