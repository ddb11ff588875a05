"""What only someone who works on the site sees: none of it takes effect without DEBUG."""
