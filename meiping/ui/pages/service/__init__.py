"""The pages of 服务."""
