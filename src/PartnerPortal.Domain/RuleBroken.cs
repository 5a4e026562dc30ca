namespace PartnerPortal.Domain;

/// <summary>A rule of the trade refused what was asked. <see cref="Exception.Message"/> is the sentence the user reads.</summary>
public class RuleBroken(string sentence) : Exception(sentence);
